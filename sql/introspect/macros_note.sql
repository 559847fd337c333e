-- The one row is the hash of the statements that made the macros.
select macros_digest
from schema_note
