-- A row is a reporter's own words in force as of a moment: month × reporter × task × kind.
with in_force as (
    select * from in_force($as_of)
),

final as (
    select
        in_force.month,
        in_force.reporter,
        statement.task,
        statement.kind,
        statement.text,
        statement.sheet,
        statement.cell
    from in_force
    inner join statement on in_force.submission_id = statement.submission_id
    where in_force.month between $first_month and $last_month
)

select * from final
order by month, reporter, task, kind
