-- The one row is the last line of the journal that the tables hold; none before the first.
select
    entry,
    digest,
    ends_at
from journal_entry
qualify row_number() over (order by entry desc) = 1
