-- Notes with which set of tables a new warehouse was made.
insert into schema_note (number, digest)
values ($number, $digest)
on conflict (number) do nothing
