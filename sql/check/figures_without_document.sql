-- A row is a fault: a figure of a document that was never issued.
select
    number,
    county,
    indicator
from issued_figure
where number not in (select issued.number from issued)
