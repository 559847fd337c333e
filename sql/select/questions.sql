-- A row is one of the problems asked for by 编号, with whose it is and how it stands as of a moment.
with final as (
    select
        problem.problem_id,
        submission.reporter,
        submission.month,
        problem.tier,
        problem.sheet,
        problem.cell,
        problem.message,
        submission.file_name,
        answered.answer,
        in_force.sha256 is not null as is_in_force
    from problem
    inner join submission on problem.sha256 = submission.sha256
    left join in_force($as_of) as in_force on problem.sha256 = in_force.sha256
    left join answered($as_of) as answered on problem.problem_id = answered.problem_id
    where list_contains($problem_ids, problem.problem_id) and submission.received_at <= $as_of
)

select * from final
order by problem_id
