-- A row is one question by one of the numbers asked for, its own or a former one: whose it is and how it
-- stands as of a moment. Where several versions of a report raise it, it is given as the one in force has it,
-- or else the latest.
with wanted as (
    select
        numbers.asked_number,
        coalesce(former_number.question_number, numbers.asked_number) as question_number
    from (select unnest($numbers) as asked_number) as numbers
    left join former_number on numbers.asked_number = former_number.former_number
),

final as (
    select
        wanted.asked_number,
        problem.question_number,
        submission.reporter,
        submission.month,
        problem.tier,
        problem.sheet,
        problem.cell,
        problem.message,
        submission.file_name,
        answered.answer,
        in_force.submission_id is not null as is_in_force
    from wanted
    inner join problem on wanted.question_number = problem.question_number
    inner join submission on problem.submission_id = submission.submission_id
    left join in_force($as_of) as in_force on problem.submission_id = in_force.submission_id
    left join answered($as_of) as answered on problem.question_number = answered.question_number
    where submission.received_at <= $as_of
    qualify
        row_number() over (
            partition by wanted.asked_number
            order by in_force.submission_id is not null desc, problem.submission_id desc
        ) = 1
)

select * from final
order by asked_number
