-- A row is one error or query that a report raised: submission × question number; never changed.
create table if not exists problem (
    submission_id integer not null,
    question_number varchar not null, -- code of the question and the values it asks about
    position integer not null, -- its place in the list of the report's problems, from 1
    rule varchar not null,
    tier varchar not null check (tier in ('error', 'query')),
    county varchar not null,
    indicator varchar not null, -- empty where it is of no one indicator
    measure varchar not null, -- empty where it is of no one number
    aspect varchar not null, -- tells apart what one rule finds several times there; mostly empty
    compared_values varchar not null, -- the typed value and what it was compared with, a line each
    sheet varchar not null,
    cell varchar not null,
    message varchar not null,
    remedy varchar not null,
    primary key (submission_id, question_number)
)
