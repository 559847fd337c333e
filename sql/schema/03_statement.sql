-- A row is a reporter's own words: file × task × kind (task 0: a county on its work as a whole).
create table if not exists statement (
    sha256 varchar not null,
    task integer not null,
    kind varchar not null check (kind in ('progress', 'problem', 'next_step')),
    text varchar not null,
    sheet varchar not null,
    cell varchar not null,
    primary key (sha256, task, kind)
)
