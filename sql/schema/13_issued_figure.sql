-- A row is one figure that an issued document carried: number × county × indicator.
create table if not exists issued_figure (
    number varchar not null,
    county varchar not null,
    indicator varchar not null,
    state varchar not null,
    value double, -- the period's own
    ytd double,
    attainment_pct double,
    gap_pp double,
    rank integer,
    tied boolean,
    mark varchar,
    primary key (number, county, indicator)
)
