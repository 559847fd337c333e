-- A row is county × indicator: the running totals (or levels) in force as of a moment for the months just
-- before and after one month, as exact text (null where not known).
with in_force as (
    select * from in_force($as_of)
    where reporter = $reporter and month in ($month_before, $month_after)
),

final as (
    select
        observation.county,
        observation.indicator,
        cast(max(observation.value) filter (where in_force.month = $month_before) as varchar) as previous,
        cast(max(observation.value) filter (where in_force.month = $month_after) as varchar) as following
    from in_force
    inner join observation on in_force.sha256 = observation.sha256
    where observation.measure in ('running_total', 'level')
    group by observation.county, observation.indicator
)

select * from final
order by county, indicator
