-- A row is one of the problems asked for by 编号, with whose it is and how it stands as of a moment.
with answers as (
    select
        problem_id,
        arg_max(answer, answered_at) as answer
    from answer
    where answered_at <= $as_of
    group by problem_id
),

final as (
    select
        problem.problem_id,
        submission.reporter,
        submission.month,
        problem.tier,
        problem.sheet,
        problem.cell,
        problem.message,
        submission.file_name,
        answers.answer,
        in_force.sha256 is not null as is_in_force
    from problem
    inner join submission on problem.sha256 = submission.sha256
    left join in_force($as_of) as in_force on problem.sha256 = in_force.sha256
    left join answers on problem.problem_id = answers.problem_id
    where list_contains($problem_ids, problem.problem_id) and submission.received_at <= $as_of
)

select * from final
order by problem_id
