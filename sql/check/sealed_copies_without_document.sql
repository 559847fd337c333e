-- A row is a fault: a sealed copy of a PDF that was never issued.
select
    number,
    issued_sha256
from sealed_copy
where
    not exists (
        select 1 from issued
        where issued.number = sealed_copy.number and issued.sha256 = sealed_copy.issued_sha256
    )
