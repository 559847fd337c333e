-- A row is the set of tables that this warehouse was made with; it has one.
create table if not exists schema_note (
    number integer primary key, -- raised with every change of a table
    digest varchar not null, -- sha256 of the statements that make the tables
    macros_digest varchar not null -- sha256 of the statements that made the macros last
)
