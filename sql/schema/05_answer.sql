-- A row is one answer to a query: question number × moment; the latest stands.
create table if not exists answer (
    question_number varchar not null, -- or the number that an earlier program gave the query: former_number
    answered_at timestamp not null, -- Beijing time
    answer varchar not null,
    answered_by varchar, -- a reporter, or whom the office noted for a letter or call
    account varchar, -- who recorded it by hand; null for nobody, or before there were accounts
    os_user varchar, -- of the machine; null with account
    host varchar, -- the machine's name; null with account
    instructed_by varchar, -- at whose instruction; null for nobody's
    primary key (question_number, answered_at)
)
