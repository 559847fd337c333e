-- A row is one message of a folder that was fetched before, by its number there.
select
    uid,
    mail_id
from mail
where folder = $folder and uid_validity = $uid_validity
