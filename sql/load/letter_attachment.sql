-- Adds the files that go with one letter, from the registered frame `incoming`.
insert into letter_attachment (letter_id, position, file_name, sha256)
select
    incoming.letter_id,
    incoming.position,
    incoming.file_name,
    incoming.sha256
from incoming
