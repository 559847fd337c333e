-- A row is one issued document: its number, what it was made from, and the hash of what went out.
create table if not exists issued (
    number varchar primary key, -- 发文字号
    series varchar not null, -- what the number begins with
    issue_year integer not null,
    serial integer not null,
    gap_note varchar not null, -- why serials before it were skipped; empty where none was
    document varchar not null unique, -- folder below data/reports: issued once
    kind varchar not null,
    period varchar not null,
    county varchar not null, -- reporter it is for; empty for all
    title varchar not null,
    file_name varchar not null,
    as_of timestamp not null, -- data cut
    issued_on date not null, -- the date it bears
    issued_at timestamp not null,
    draft_sha256 varchar not null,
    sha256 varchar not null,
    is_sample boolean not null,
    unique (series, issue_year, serial)
)
