-- Adds one sealed copy as the next entry.
insert into sealed_copy (
    entry, number, issued_sha256, sha256, place, seal_pages, signatures, sealed_at, account, os_user, host,
    instructed_by
)
select
    coalesce(max(sealed_copy.entry), 0) + 1 as entry,
    $number as number,
    $issued_sha256 as issued_sha256,
    $sha256 as sha256,
    $place as place,
    $seal_pages as seal_pages,
    $signatures as signatures,
    $sealed_at as sealed_at,
    $account as account,
    $os_user as os_user,
    $host as host,
    $instructed_by as instructed_by
from sealed_copy
