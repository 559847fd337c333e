-- A row is a fault: a serial that was skipped and nobody said why.
with serials as (
    select
        series,
        issue_year,
        serial,
        gap_note,
        lag(serial, 1, 0) over (partition by series, issue_year order by serial) as serial_before
    from issued
)

select
    series,
    issue_year,
    serial,
    serial_before
from serials
where serial != serial_before + 1 and gap_note = ''
