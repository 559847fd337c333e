-- A row is a figure of December: county × indicator, 'city' the sum, in print order. Every rule is `total`.
with said as (
    select
        indicator,
        county,
        max(case when month = '2025-12' then value end) as dec,
        max(case when month = '2025-11' then value end) as nov,
        max(case when month = '2025-10' then value end) as oct
    from cells
    where
        measure = 'running_total' and state = 'reported' and isfinite(value)
        and month in ('2025-10', '2025-11', '2025-12')
    group by indicator, county
),

own as (
    select
        rows.*,
        said.dec as ytd,
        said.nov as nov_ytd,
        round(said.dec - said.nov, 4) as value,
        round(said.nov - said.oct, 4) as previous
    from rows
    left join said using (county, indicator)
    where rows.county <> 'city'
),

city as (
    select
        rows.*,
        sums.* exclude (indicator)
    from rows
    inner join (
        select
            indicator,
            round(sum(ytd), 4) as ytd,
            round(sum(nov_ytd), 4) as nov_ytd,
            round(sum(value), 4) as value,
            case when bool_and((value is null) = (previous is null)) then round(sum(previous), 4) end as previous,
            count(ytd) as reported,
            count(*) as expected,
            count(value) as value_reported,
            count(nov_ytd) as nov_reported
        from own
        group by indicator
    ) as sums using (indicator)
    where rows.county = 'city'
),

amount as (
    select
        *,
        case
            when reported = 0 then 'missing' when reported < expected then 'partial' else 'reported'
        end as state,
        case
            when nov_reported = 0 then 'missing' when nov_reported < expected then 'partial' else 'reported'
        end as nov_state
    from city
    union all by name
    select
        *,
        (ytd is not null)::bigint as reported,
        1 as expected,
        (value is not null)::bigint as value_reported,
        (nov_ytd is not null)::bigint as nov_reported,
        if(ytd is null, 'missing', 'reported') as state,
        if(nov_ytd is null, 'missing', 'reported') as nov_state
    from own
),

judged as (
    select
        amount.*,
        ytd * 100 / target as attainment_pct,
        nov_ytd * 100 / target as nov_pct,
        seasonal.dec as seasonal_pct,
        seasonal.nov as nov_seasonal_pct,
        amount.county = 'city' and state = 'partial' as is_partial,
        amount.county = 'city' and nov_state = 'partial' as nov_is_partial
    from amount
    left join seasonal using (indicator)
),

clocked as (
    select
        *,
        attainment_pct - 100.0 as gap_pp,
        attainment_pct - seasonal_pct as seasonal_gap_pp,
        round(greatest(attainment_pct - 100.0, attainment_pct - seasonal_pct), 9) as better,
        round(greatest(nov_pct - 1100.0 / 12, nov_pct - nov_seasonal_pct), 9) as nov_better
    from judged
),

-- Places: best first; a rank is shared that is level with the last one let in, or less than one unit of work behind
-- the first of the rank, one unit being the larger of the two counties'.
contender as (
    select
        indicator,
        county,
        target,
        unnest([12, 11]) as month,
        unnest([round(attainment_pct, 9), round(nov_pct, 9)]) as pct
    from clocked
    where county <> 'city'
),

line as (
    select
        month,
        indicator,
        list(county order by pct desc, target) as counties,
        list(
            {pct: pct, unit: 100 / target, rank: 0::bigint, leader: pct, leader_unit: 100 / target, ranks: []::bigint[]}
            order by pct desc, target
        ) as standing
    from contender
    where pct is not null
    group by month, indicator
),

placed as (
    select
        month,
        indicator,
        unnest(counties) as county,
        unnest(
            list_reduce(
                standing,
                lambda before, next: case
                    when next.pct = before.pct
                        or before.leader - next.pct < greatest(before.leader_unit, next.unit) - 1e-9
                        then
                            {
                                pct: next.pct, unit: next.unit, rank: before.rank,
                                leader: before.leader, leader_unit: before.leader_unit,
                                ranks: list_append(before.ranks, before.rank)
                            }
                    else
                        {
                            pct: next.pct, unit: next.unit, rank: len(before.ranks)::bigint + 1,
                            leader: next.pct, leader_unit: next.unit,
                            ranks: list_append(before.ranks, len(before.ranks)::bigint + 1)
                        }
                end,
                {
                    pct: 1e9, unit: 0.0, rank: 0::bigint, leader: 1e9, leader_unit: 0.0, ranks: []::bigint[]
                }
            ).ranks
        ) as rank
    from line
),

ranked as (
    select
        month,
        indicator,
        county,
        rank,
        count(*) over (partition by month, indicator, rank) > 1 as tied,
        count(*) over (partition by month, indicator) as ranked
    from placed
)

select
    '2025-12' as period,
    clocked.county,
    clocked.indicator,
    unit,
    value,
    ytd,
    target,
    attainment_pct,
    100.0 as pace_pct,
    gap_pp,
    now.rank,
    state,
    reported,
    expected,
    rule,
    bound,
    value_reported,
    previous as previous_value,
    null::double as ytd_year_ago,
    seasonal_pct,
    seasonal_gap_pp,
    case when target - ytd <= 0 then 0.0 end as required_monthly,
    case when ytd >= target or not is_partial then ytd >= target end as met,
    case
        when gap_pp is null or (is_partial and better <= $yellow) then null
        when better <= $red or (better <= $yellow and nov_better <= $yellow and not nov_is_partial) then 'red'
        when better <= $yellow then 'yellow'
        when round(gap_pp, 9) >= $blue then 'blue'
        else 'green'
    end as mark,
    max(now.ranked) over (partition by clocked.indicator) as ranked,
    now.tied,
    november.rank - now.rank as rank_change,
    case when clocked.county <> 'city' then target <= $small end as small_target
from clocked
left join ranked as now on now.month = 12 and now.indicator = clocked.indicator and now.county = clocked.county
left join ranked as november
    on november.month = 11 and november.indicator = clocked.indicator and november.county = clocked.county
order by n
