-- A row is county × indicator: the running totals, levels or milestones (1 done, 0 not) in force as of a
-- moment around one month, as exact text (null where not known), all within the year; of what was received
-- at that very moment, only what was recorded before submission $before_id. Of one reporter: the last one
-- reported before the month and the first after it, each with how many months away it lies, and those two
-- and three months before. Of every reporter: what stands for the month itself.
with in_force as (
    select
        submission_id,
        reporter,
        cast(month[6:7] as integer) - cast($month[6:7] as integer) as months_from
    from in_force($as_of, before_id := $before_id)
    where month[1:4] = $month[1:4] and (reporter = $reporter or month = $month)
),

reported as (
    select
        observation.county,
        observation.indicator,
        observation.value,
        in_force.months_from
    from in_force
    inner join observation on in_force.submission_id = observation.submission_id
    where observation.measure in ('running_total', 'level', 'done') and observation.value is not null
),

final as (
    select
        county,
        indicator,
        cast(max(value) filter (where months_from = -3) as varchar) as third_before,
        cast(max(value) filter (where months_from = -2) as varchar) as second_before,
        cast(max_by(value, months_from) filter (where months_from < 0) as varchar) as previous,
        cast(max(value) filter (where months_from = 0) as varchar) as current,
        cast(min_by(value, months_from) filter (where months_from > 0) as varchar) as following,
        -max(months_from) filter (where months_from < 0) as months_back,
        min(months_from) filter (where months_from > 0) as months_ahead
    from reported
    group by county, indicator
)

select * from final
order by county, indicator
