-- A row is the submission in force for a reporter and month as of a moment: the latest accepted one, of two
-- received in the same second the one recorded later. A part of a gathered file stands only until its
-- reporter's own file has come. Of what was received at `as_of` itself, only what was recorded before
-- submission `before_id` counts.
create or replace macro in_force(as_of, before_id := 2147483647) as table
    select
        submission.submission_id,
        submission.file_sha256,
        submission.part_reporter,
        submission.received_at,
        submission.file_name,
        submission.reporter,
        submission.month,
        submission.is_sample
    from submission
    where
        submission.status = 'accepted'
        and (
            submission.received_at < as_of
            or (submission.received_at = as_of and submission.submission_id < before_id)
        )
    qualify
        row_number() over (
            partition by submission.reporter, submission.month
            order by
                submission.part_reporter = '' desc, submission.received_at desc, submission.submission_id desc
        ) = 1
