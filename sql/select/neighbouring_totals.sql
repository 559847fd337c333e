-- A row is county × indicator: the running totals (or levels) in force as of a moment around one month, as
-- exact text (null where not known): the three months before it and the one after of one reporter, all within
-- the year, and what stands for the month itself, whoever reported it; all without the
-- file that is being read.
with in_force as (
    select
        sha256,
        reporter,
        cast(month[6:7] as integer) - cast($month[6:7] as integer) as months_from
    from in_force($as_of, but_for := $sha256)
    where month[1:4] = $month[1:4] and (reporter = $reporter or month = $month)
),

final as (
    select
        observation.county,
        observation.indicator,
        cast(max(observation.value) filter (where in_force.months_from = -3) as varchar) as third_before,
        cast(max(observation.value) filter (where in_force.months_from = -2) as varchar) as second_before,
        cast(max(observation.value) filter (where in_force.months_from = -1) as varchar) as previous,
        cast(max(observation.value) filter (where in_force.months_from = 0) as varchar) as current,
        cast(max(observation.value) filter (where in_force.months_from = 1) as varchar) as following
    from in_force
    inner join observation on in_force.sha256 = observation.sha256
    where
        in_force.months_from between -3 and 1
        and observation.measure in ('running_total', 'level')
    group by observation.county, observation.indicator
)

select * from final
order by county, indicator
