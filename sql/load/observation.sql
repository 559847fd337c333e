-- Adds the cells of one accepted file, from the registered frame `incoming`.
insert into observation (
    sha256, county, indicator, measure, value, state, reason, done_on, sheet, cell, written
)
select
    $sha256 as sha256,
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
