-- Adds the words of one accepted report, from the registered frame `incoming`.
insert into statement (submission_id, task, kind, text, sheet, cell)
select
    $submission_id as submission_id,
    incoming.task,
    incoming.kind,
    incoming.text,
    incoming.sheet,
    incoming.cell
from incoming
