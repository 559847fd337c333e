-- A row is one report received, accepted or refused: one file × the reporter whose part of it this is.
create table if not exists submission (
    submission_id integer primary key, -- 1, 2, 3 … in the order of being recorded
    file_sha256 varchar not null,
    part_reporter varchar not null, -- whose part of a gathered file; empty where the file is one report
    received_at timestamp not null, -- Beijing time
    file_name varchar not null,
    origin_kind varchar, -- folder, mail, command, inbox; null before ways were noted
    origin_name varchar, -- whose way: a reporter, or a user of the machine; empty for the inbox
    status varchar not null check (status in ('accepted', 'refused')),
    reporter varchar, -- null where the file was refused before it said whose it is
    month varchar, -- 'YYYY-MM'; null where refused
    is_sample boolean not null,
    refusal varchar, -- null where accepted
    unique (file_sha256, part_reporter),
    check (status = 'refused' or (reporter is not null and month is not null))
)
