-- A row is one figure that the issued document of that number carried: county × indicator.
select
    county,
    indicator,
    state,
    value,
    ytd,
    attainment_pct,
    gap_pp,
    rank,
    tied,
    mark
from issued_figure
where number = $number
order by county, indicator
