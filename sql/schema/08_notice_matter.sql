-- A row is one matter of a notice: county × indicator with the figures it carried.
create table if not exists notice_matter (
    number varchar not null,
    county varchar not null, -- 'city' for a department's own indicator
    indicator varchar not null, -- empty for a report not sent
    mark varchar,
    ytd double,
    target double,
    attainment_pct double,
    gap_pp double,
    seasonal_gap_pp double,
    rank integer,
    ranked integer,
    tied boolean,
    required_monthly double,
    cites varchar, -- number of the unanswered notice before it
    primary key (number, county, indicator)
)
