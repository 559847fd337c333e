-- A row is a reporter's own words: submission × task × kind (task 0: a county on its work as a whole).
create table if not exists statement (
    submission_id integer not null,
    task integer not null,
    kind varchar not null check (kind in ('progress', 'problem', 'next_step')),
    text varchar not null,
    sheet varchar not null,
    cell varchar not null,
    primary key (submission_id, task, kind)
)
