-- A row is the latest file in which a reporter reported a month itself, as of a moment; none where none
-- was accepted.
with in_force as (
    select * from in_force($as_of)
),

final as (
    select
        in_force.file_name,
        in_force.received_at
    from in_force
    where
        in_force.reporter = $reporter
        and in_force.month = $month
        and not contains(in_force.sha256, '#')
)

select * from final
