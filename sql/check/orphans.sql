-- A row is a fault: something read from a file that was never accepted.
select
    'observation' as ledger,
    sha256
from observation
where
    sha256 not in (
        select submission.sha256 from submission
        where submission.status = 'accepted'
    )
union all
select
    'statement' as ledger,
    sha256
from statement
where
    sha256 not in (
        select submission.sha256 from submission
        where submission.status = 'accepted'
    )
union all
select
    'problem' as ledger,
    sha256
from problem
where sha256 not in (
    select submission.sha256 from submission
    where submission.status = 'accepted'
)
