-- Adds the words of one accepted file, from the registered frame `incoming`.
insert into statement (sha256, task, kind, text, sheet, cell)
select
    $sha256 as sha256,
    incoming.task,
    incoming.kind,
    incoming.text,
    incoming.sheet,
    incoming.cell
from incoming
