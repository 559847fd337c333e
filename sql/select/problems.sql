-- A row is one problem of a submission in force as of a moment; a null answer is still open.
with in_force as (
    select * from in_force($as_of)
),

final as (
    select
        problem.question_number,
        problem.position,
        in_force.month,
        in_force.reporter,
        problem.county,
        problem.indicator,
        problem.rule,
        problem.tier,
        problem.sheet,
        problem.cell,
        problem.message,
        problem.remedy,
        answered.answer,
        in_force.file_name
    from in_force
    inner join problem on in_force.submission_id = problem.submission_id
    left join answered($as_of) as answered on problem.question_number = answered.question_number
    where in_force.month between $first_month and $last_month
)

select * exclude (position)
from final
order by month, reporter, position
