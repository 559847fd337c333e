-- A row is one sealed copy of an issued document, oldest first.
select
    number,
    issued_sha256,
    sha256,
    place,
    seal_pages,
    signatures,
    sealed_at,
    account,
    os_user,
    host,
    instructed_by
from sealed_copy
order by entry
