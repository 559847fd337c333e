-- Notes that one line of the journal is in the tables.
insert into journal_entry (entry, digest, ends_at)
values ($entry, $digest, $ends_at)
