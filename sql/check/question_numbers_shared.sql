-- A row is a fault: a number that stands for more than one question.
with questions as (
    select distinct
        problem.question_number,
        submission.reporter,
        submission.month,
        problem.rule,
        problem.county,
        problem.indicator,
        problem.measure,
        problem.aspect,
        problem.compared_values
    from problem
    inner join submission on problem.submission_id = submission.submission_id
)

select
    question_number,
    count(*) as questions
from questions
group by question_number
having count(*) > 1
