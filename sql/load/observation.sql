-- Adds the cells of one accepted report, from the registered frame `incoming`.
insert into observation (
    submission_id, county, indicator, measure, value, state, reason, done_on, sheet, cell, written
)
select
    $submission_id as submission_id,
    incoming.county,
    incoming.indicator,
    incoming.measure,
    cast(incoming.value as decimal(18, 4)) as value,
    incoming.state,
    incoming.reason,
    incoming.done_on,
    incoming.sheet,
    incoming.cell,
    incoming.written
from incoming
