-- A row is one line of the journal that the tables of this warehouse hold already.
create table if not exists journal_entry (
    entry integer primary key,
    digest varchar not null, -- sha256 of the line
    ends_at bigint not null -- where in the file the next line begins
)
