-- A row is one number that is not in force as it was at an earlier moment: month × reporter × county ×
-- indicator × measure, then and now, with the reason given and the file it stands in. state_before is null
-- where nothing had been received then.
with before as (
    select * from in_force($before)
),

present as (
    select * from in_force($as_of)
),

changed_reports as (
    select
        present.month,
        present.reporter,
        present.submission_id,
        present.file_name,
        present.received_at,
        before.submission_id as submission_id_before
    from present
    left join before on present.reporter = before.reporter and present.month = before.month
    where
        present.month between $first_month and $last_month
        and present.submission_id is distinct from before.submission_id
),

final as (
    select
        changed_reports.month,
        changed_reports.reporter,
        observation.county,
        observation.indicator,
        observation.measure,
        cast(earlier.value as double) as value_before,
        earlier.state as state_before,
        cast(observation.value as double) as value,
        observation.state,
        observation.reason,
        observation.sheet,
        observation.cell,
        changed_reports.file_name,
        changed_reports.received_at
    from changed_reports
    inner join observation on changed_reports.submission_id = observation.submission_id
    left join observation as earlier
        on
            changed_reports.submission_id_before = earlier.submission_id
            and observation.county = earlier.county
            and observation.indicator = earlier.indicator
            and observation.measure = earlier.measure
    where
        observation.value is distinct from earlier.value
        or observation.state is distinct from earlier.state
)

select * from final
order by month, reporter, county, indicator, measure
