-- The one row is the number of the report recorded last; 0 before the first.
select coalesce(max(submission_id), 0) as submission_id
from submission
