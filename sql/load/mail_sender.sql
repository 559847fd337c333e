-- Adds one confirmation of a sender as the next entry.
insert into mail_sender (
    address, entry, mail_id, reporter, confirmed_at, account, os_user, host, instructed_by
)
select
    $address as address,
    coalesce(max(mail_sender.entry), 0) + 1 as entry,
    $mail_id as mail_id,
    $reporter as reporter,
    $confirmed_at as confirmed_at,
    $account as account,
    $os_user as os_user,
    $host as host,
    $instructed_by as instructed_by
from mail_sender
