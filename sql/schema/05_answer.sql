-- A row is one answer to a query; a later answer to the same query stands over an earlier one.
create table if not exists answer (
    problem_id varchar not null,
    answered_at timestamp not null,
    answer varchar not null,
    primary key (problem_id, answered_at)
)
