-- A row is the submission in force for a reporter and month as of a moment: the latest accepted one. A part
-- of a file that somebody gathered (# in its key) stands only until the reporter's own file has come.
-- `but_for` is the hash of a file that is taken for not received.
create or replace macro in_force(as_of, but_for := '') as table
    select
        submission.sha256,
        submission.received_at,
        submission.file_name,
        submission.reporter,
        submission.month,
        submission.is_sample
    from submission
    where
        submission.status = 'accepted'
        and submission.received_at <= as_of
        and split_part(submission.sha256, '#', 1) != but_for
    qualify
        row_number() over (
            partition by submission.reporter, submission.month
            order by
                contains(submission.sha256, '#') asc, submission.received_at desc, submission.sha256 desc
        ) = 1
