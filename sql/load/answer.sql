-- Adds one answer to a query.
insert into answer (problem_id, answered_at, answer)
values ($problem_id, $answered_at, $answer)
