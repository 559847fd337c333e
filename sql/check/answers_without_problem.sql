-- A row is a fault: an answer to a query nobody raised.
select
    problem_id,
    answer
from answer
where problem_id not in (select problem.problem_id from problem)
