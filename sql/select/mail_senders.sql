-- A row is one address that was confirmed to be a reporter's, by the latest confirmation.
select
    address,
    arg_max(reporter, entry) as reporter
from mail_sender
where mail_id = ''
group by address
order by address
