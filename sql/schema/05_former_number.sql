-- A row is one number under which an earlier program showed a query, and the number it has now.
create table if not exists former_number (
    former_number varchar primary key, -- 0123456789ab-01
    question_number varchar not null
)
