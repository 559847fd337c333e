-- A row is one row of a table, written as JSON.
select cast(to_json(whole) as varchar) as written
from query_table($name) as whole
