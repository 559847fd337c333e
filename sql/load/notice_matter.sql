-- Adds one matter of a notice.
insert into notice_matter (
    number, county, indicator, mark, ytd, target, attainment_pct, gap_pp, seasonal_gap_pp, rank, ranked, tied,
    required_monthly, cites
)
values (
    $number, $county, $indicator, $mark, $ytd, $target, $attainment_pct, $gap_pp, $seasonal_gap_pp, $rank,
    $ranked, $tied, $required_monthly, $cites
)
