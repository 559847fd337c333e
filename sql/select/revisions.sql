-- A row is a running total that a later accepted file changed: month × county × indicator, first and now.
with in_force as (
    select * from in_force($as_of)
),

first_reports as (
    select
        submission.reporter,
        submission.month,
        arg_min(
            submission.submission_id, (submission.received_at, submission.submission_id)
        ) as submission_id
    from submission
    where submission.status = 'accepted' and submission.received_at <= $as_of
    group by submission.reporter, submission.month
),

final as (
    select
        in_force.month,
        observation.county,
        observation.indicator,
        cast(earlier.value as double) as first_value,
        cast(observation.value as double) as value
    from in_force
    inner join first_reports
        on in_force.reporter = first_reports.reporter and in_force.month = first_reports.month
    inner join observation on in_force.submission_id = observation.submission_id
    inner join observation as earlier
        on
            first_reports.submission_id = earlier.submission_id
            and observation.county = earlier.county
            and observation.indicator = earlier.indicator
            and observation.measure = earlier.measure
    where
        in_force.month between $first_month and $last_month
        and observation.measure = 'running_total'
        and observation.value != earlier.value
)

select * from final
order by month, county, indicator
