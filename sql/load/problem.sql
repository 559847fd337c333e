-- Adds the problems of one accepted report, from the registered frame `incoming`.
insert into problem (
    submission_id, question_number, position, rule, tier, county, indicator, measure, aspect, compared_values,
    sheet, cell, message, remedy
)
select
    $submission_id as submission_id,
    incoming.question_number,
    incoming.position,
    incoming.rule,
    incoming.tier,
    incoming.county,
    incoming.indicator,
    incoming.measure,
    incoming.aspect,
    incoming.compared_values,
    incoming.sheet,
    incoming.cell,
    incoming.message,
    incoming.remedy
from incoming
