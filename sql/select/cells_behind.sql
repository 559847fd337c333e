-- A row is one cell in force as of a moment behind an indicator: month × reporter × county × measure, with
-- the place it was read from, the file it stood in, which version that file is and of how many received.
with in_force as (
    select * from in_force($as_of)
),

versions as (
    select
        submission_id,
        row_number() over (
            partition by reporter, month
            order by received_at asc, part_reporter != '' desc, submission_id asc
        ) as version,
        count(*) over (partition by reporter, month) as versions
    from submission
    where status = 'accepted'
),

final as (
    select
        in_force.month,
        in_force.reporter,
        observation.county,
        observation.measure,
        cast(observation.value as double) as value,
        observation.state,
        observation.reason,
        observation.done_on,
        observation.sheet,
        observation.cell,
        observation.written,
        in_force.file_name,
        in_force.received_at,
        in_force.is_sample,
        versions.version,
        versions.versions,
        in_force.file_sha256 as sha256,
        in_force.part_reporter != '' as is_part
    from in_force
    inner join versions on in_force.submission_id = versions.submission_id
    inner join observation on in_force.submission_id = observation.submission_id
    where
        observation.indicator = $indicator
        and in_force.month between $first_month and $last_month
)

select * from final
order by month, reporter, county, measure
