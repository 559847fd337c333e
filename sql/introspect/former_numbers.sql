-- A row is one number under which an earlier program showed a query, with the number it has now.
select
    former_number,
    question_number
from former_number
order by former_number
