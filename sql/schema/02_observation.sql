-- A row is one cell of an accepted file: county × indicator × measure, with the place it was read from.
create table if not exists observation (
    sha256 varchar not null,
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
    primary key (sha256, county, indicator, measure),
    check ((value is not null) = (state in ('reported', 'confirmed_zero')))
)
