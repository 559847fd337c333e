-- Adds the files of one message, from the registered frame `incoming`.
insert into mail_file (mail_id, position, file_name, sha256)
select
    incoming.mail_id,
    incoming.position,
    incoming.file_name,
    incoming.sha256
from incoming
