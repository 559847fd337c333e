-- A row is a fault: a file, a result or an answer of a message that was never fetched.
select
    'mail_file' as ledger,
    mail_id
from mail_file
where mail_id not in (select mail.mail_id from mail)
union all
select
    'mail_result' as ledger,
    mail_id
from mail_result
where mail_id not in (select mail.mail_id from mail)
union all
select
    'mail_answer' as ledger,
    mail_id
from mail_answer
where mail_id not in (select mail.mail_id from mail)
