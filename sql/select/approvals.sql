-- A row is one decision on a draft, oldest first; of all drafts where no document is named.
select
    document,
    sha256,
    step,
    decision,
    decided_by,
    decided_at,
    note,
    account,
    os_user,
    host,
    instructed_by
from approval
where $document is null or document = $document
order by entry
