-- Adds the figures that one issued document carried, from the registered frame `incoming`.
insert into issued_figure (
    number, county, indicator, state, value, ytd, attainment_pct, gap_pp, rank, tied, mark
)
select
    incoming.number,
    incoming.county,
    incoming.indicator,
    incoming.state,
    incoming.value,
    incoming.ytd,
    incoming.attainment_pct,
    incoming.gap_pp,
    incoming.rank,
    incoming.tied,
    incoming.mark
from incoming
