-- A row is one report of the file with these bytes, if it was ever received; whether it is in force now.
select
    submission.submission_id,
    submission.part_reporter,
    submission.received_at,
    submission.file_name,
    submission.status,
    submission.reporter,
    submission.month,
    submission.refusal,
    submission.submission_id in (
        select in_force.submission_id from in_force($as_of) as in_force
    ) as is_in_force
from submission
where submission.file_sha256 = $sha256
order by submission.submission_id
