-- A row is reporter × month with at least one accepted report as of a moment: its first, its number of
-- versions, and the one in force.
with in_force as (
    select * from in_force($as_of)
),

versions as (
    select
        reporter,
        month,
        min(received_at) as first_received_at,
        count(*) as versions
    from submission
    where status = 'accepted' and received_at <= $as_of
    group by reporter, month
),

final as (
    select
        in_force.month,
        in_force.reporter,
        versions.first_received_at,
        in_force.received_at,
        versions.versions,
        in_force.file_name,
        in_force.is_sample,
        in_force.file_sha256 as sha256
    from in_force
    inner join versions
        on in_force.reporter = versions.reporter and in_force.month = versions.month
    where in_force.month between $first_month and $last_month
)

select * from final
order by month, reporter
