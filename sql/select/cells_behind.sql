-- A row is one cell in force as of a moment behind an indicator: month × reporter × county × measure, with
-- the place it was read from, the file it stood in, which version that file is and of how many received.
with in_force as (
    select * from in_force($as_of)
),

versions as (
    select
        sha256,
        row_number() over (
            partition by reporter, month
            order by received_at asc, contains(sha256, '#') desc, sha256 asc
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
        split_part(in_force.sha256, '#', 1) as sha256,
        contains(in_force.sha256, '#') as is_part
    from in_force
    inner join versions on in_force.sha256 = versions.sha256
    inner join observation on in_force.sha256 = observation.sha256
    where
        observation.indicator = $indicator
        and in_force.month between $first_month and $last_month
)

select * from final
order by month, reporter, county, measure
