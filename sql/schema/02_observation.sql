-- A row is one cell of an accepted report: submission × county × indicator × measure, with its place.
create table if not exists observation (
    submission_id integer not null,
    county varchar not null, -- 'city' for a department's figure
    indicator varchar not null,
    measure varchar not null,
    value decimal(18, 4), -- null unless reported or confirmed_zero
    state varchar not null,
    reason varchar not null,
    done_on date,
    sheet varchar not null,
    cell varchar not null,
    written varchar not null, -- what stood in the cell
    primary key (submission_id, county, indicator, measure),
    check ((value is not null) = (state in ('reported', 'confirmed_zero')))
)
