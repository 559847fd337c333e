-- A row is one report of real data in force whose file came by a way that belongs to nobody and that nobody
-- has confirmed: submission, oldest first. Of all months where no month is named.
with final as (
    select
        submission.submission_id,
        submission.file_sha256,
        submission.file_name,
        submission.reporter,
        submission.month,
        submission.received_at
    from submission
    inner join in_force($as_of) as in_force on submission.submission_id = in_force.submission_id
    where
        submission.origin_kind = 'inbox'
        and not submission.is_sample
        and ($month is null or submission.month = $month)
        and not exists (
            select 1 from source_confirmation
            where
                source_confirmation.file_sha256 = submission.file_sha256
                and source_confirmation.confirmed_at <= $as_of
        )
)

select * from final
order by submission_id
