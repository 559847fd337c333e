-- A row is one number in force as of a moment: month × reporter × county × indicator × measure.
with in_force as (
    select * from in_force($as_of)
),

final as (
    select
        in_force.month,
        in_force.reporter,
        observation.county,
        observation.indicator,
        observation.measure,
        cast(observation.value as double) as value,
        observation.state,
        observation.done_on
    from in_force
    inner join observation on in_force.submission_id = observation.submission_id
    where in_force.month between $first_month and $last_month
)

select * from final
order by month, reporter, county, indicator, measure
