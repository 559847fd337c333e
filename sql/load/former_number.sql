-- Adds former numbers of queries, from the registered frame `incoming`; one that is known stays as it is.
insert into former_number (former_number, question_number)
select
    incoming.former_number,
    incoming.question_number
from incoming
on conflict (former_number) do nothing
