-- Adds one decision on a draft as the next entry.
insert into approval (
    document, sha256, step, decision, decided_by, decided_at, entry, note,
    account, os_user, host, instructed_by
)
select
    $document as document,
    $sha256 as sha256,
    $step as step,
    $decision as decision,
    $decided_by as decided_by,
    $decided_at as decided_at,
    coalesce(max(approval.entry), 0) + 1 as entry,
    $note as note,
    $account as account,
    $os_user as os_user,
    $host as host,
    $instructed_by as instructed_by
from approval
