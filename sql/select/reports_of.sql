-- A row is one report of a reporter, accepted or refused, or a file that came by its own way and was
-- refused; the newest first.
select
    month,
    received_at,
    file_name,
    file_sha256,
    part_reporter,
    status,
    refusal
from submission
where
    reporter = $reporter
    or (origin_kind in ('folder', 'mail') and origin_name = $reporter)
order by received_at desc, submission_id desc
