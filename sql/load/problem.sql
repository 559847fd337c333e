-- Adds the problems of one accepted file, from the registered frame `incoming`.
insert into problem (
    problem_id, sha256, rule, tier, county, indicator, sheet, cell, message, remedy
)
select
    incoming.problem_id,
    $sha256 as sha256,
    incoming.rule,
    incoming.tier,
    incoming.county,
    incoming.indicator,
    incoming.sheet,
    incoming.cell,
    incoming.message,
    incoming.remedy
from incoming
