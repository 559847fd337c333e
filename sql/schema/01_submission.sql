-- A row is one report received: accepted into force, or refused with its reason.
create table if not exists submission (
    -- the file's hash; of a file that gathers several reporters' reports, # and the reporter behind it
    sha256 varchar primary key,
    received_at timestamp not null, -- Beijing time
    file_name varchar not null,
    status varchar not null check (status in ('accepted', 'refused')),
    reporter varchar, -- null where the file was refused before it said whose it is
    month varchar, -- 'YYYY-MM'
    is_sample boolean not null,
    refusal varchar,
    check (status = 'refused' or (reporter is not null and month is not null))
)
