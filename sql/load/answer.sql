-- Adds one answer to a query; of two at the same moment the one written down later stands.
insert into answer (problem_id, answered_at, answer, answered_by)
values ($problem_id, $answered_at, $answer, $answered_by)
on conflict (problem_id, answered_at) do update set
    answer = excluded.answer,
    answered_by = excluded.answered_by
