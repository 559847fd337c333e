-- A row is the submission in force for a reporter and month: the latest accepted one as of a moment.
create or replace macro in_force(as_of) as table
    select
        submission.sha256,
        submission.received_at,
        submission.file_name,
        submission.reporter,
        submission.month,
        submission.is_sample
    from submission
    where submission.status = 'accepted' and submission.received_at <= as_of
    qualify
        row_number() over (
            partition by submission.reporter, submission.month
            order by submission.received_at desc, submission.sha256 desc
        ) = 1
