-- A row is one confirmation of where a file came from: file × moment; the first is enough.
create table if not exists source_confirmation (
    file_sha256 varchar not null,
    confirmed_at timestamp not null, -- Beijing time
    note varchar not null, -- how it was confirmed
    account varchar, -- who confirmed it; null where the same file came again by a verified way
    os_user varchar, -- of the machine; null with account
    host varchar, -- the machine's name; null with account
    instructed_by varchar, -- at whose instruction; null for nobody's
    primary key (file_sha256, confirmed_at)
)
