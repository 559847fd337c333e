-- Notes with which tables a new warehouse was made, or which macros it has now.
insert into schema_note (number, digest, macros_digest)
values ($number, $digest, $macros_digest)
on conflict (number) do update set
    macros_digest = excluded.macros_digest
