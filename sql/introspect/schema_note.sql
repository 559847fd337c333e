-- The one row is the set of tables that the warehouse was made with.
select
    number,
    digest
from schema_note
