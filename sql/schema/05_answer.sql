-- A row is one answer to a query: question number × moment; the latest stands.
create table if not exists answer (
    question_number varchar not null, -- or the number that an earlier program gave the query: former_number
    answered_at timestamp not null, -- Beijing time
    answer varchar not null,
    answered_by varchar, -- a reporter, or whom the office noted for a letter or call
    primary key (question_number, answered_at)
)
