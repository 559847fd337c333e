-- A row is one cell of the report of a reporter and month that stood as of a moment, before submission
-- $before_id was recorded: its value as exact text, null where it had none, and when that report was
-- received.
with in_force as (
    select * from in_force($as_of, before_id := $before_id)
),

final as (
    select
        in_force.received_at,
        observation.county,
        observation.indicator,
        observation.measure,
        cast(observation.value as varchar) as value,
        observation.state
    from in_force
    inner join observation on in_force.submission_id = observation.submission_id
    where in_force.reporter = $reporter and in_force.month = $month
)

select * from final
order by county, indicator, measure
