-- A row is the latest file in which a reporter reported a month itself, as of a moment; none where none
-- was accepted. Of that very moment, only what was recorded before submission $before_id counts.
with in_force as (
    select * from in_force($as_of, before_id := $before_id)
),

final as (
    select
        in_force.file_name,
        in_force.received_at
    from in_force
    where
        in_force.reporter = $reporter
        and in_force.month = $month
        and in_force.part_reporter = ''
)

select * from final
