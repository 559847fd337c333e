-- A row is what became of one report of a message.
select
    mail_id,
    file_sha256,
    report_name,
    status,
    month,
    title,
    next_step,
    items_left,
    receipt,
    returned
from mail_result
where mail_id = $mail_id
order by report_name
