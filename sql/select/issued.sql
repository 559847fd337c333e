-- A row is one issued document, in the order of issue.
select
    number,
    series,
    issue_year,
    serial,
    gap_note,
    document,
    kind,
    period,
    county,
    title,
    file_name,
    as_of,
    issued_on,
    issued_at,
    draft_sha256,
    sha256,
    is_sample
from issued
order by issued_at, series, serial
