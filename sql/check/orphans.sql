-- A row is a fault: something read from a report that was never accepted.
select
    'observation' as ledger,
    submission_id
from observation
where
    submission_id not in (
        select submission.submission_id from submission
        where submission.status = 'accepted'
    )
union all
select
    'statement' as ledger,
    submission_id
from statement
where
    submission_id not in (
        select submission.submission_id from submission
        where submission.status = 'accepted'
    )
union all
select
    'problem' as ledger,
    submission_id
from problem
where submission_id not in (
    select submission.submission_id from submission
    where submission.status = 'accepted'
)
