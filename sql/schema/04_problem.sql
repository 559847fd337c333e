-- A row is one error or query that reading a file raised; the file's own problems, never changed.
create table if not exists problem (
    problem_id varchar primary key, -- first 12 of the hash, the reporter of a part, a number within it
    sha256 varchar not null,
    rule varchar not null,
    tier varchar not null check (tier in ('error', 'query')),
    county varchar not null,
    indicator varchar not null,
    sheet varchar not null,
    cell varchar not null,
    message varchar not null,
    remedy varchar not null
)
