-- A row is one problem of a warehouse with the first set of tables: the number it was shown under, the file,
-- whose part of it (empty where the file is one report), and what the problem was.
select
    problem_id as former_number,
    rule,
    county,
    indicator,
    sheet,
    cell,
    message,
    split_part(sha256, '#', 1) as file_sha256,
    split_part(sha256, '#', 2) as part_reporter
from problem
