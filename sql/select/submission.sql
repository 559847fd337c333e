-- A row is one report of the file with these bytes, if it was ever received; whether it is in force now.
select
    submission.sha256,
    submission.received_at,
    submission.file_name,
    submission.status,
    submission.reporter,
    submission.month,
    submission.refusal,
    submission.sha256 in (select in_force.sha256 from in_force($as_of) as in_force) as is_in_force
from submission
where split_part(submission.sha256, '#', 1) = $sha256
order by submission.sha256
