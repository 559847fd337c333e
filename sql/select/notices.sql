-- A row is one matter of a notice of a year: number × county × indicator, with the state it was in before
-- an entry of the ledger.
with states as (
    select
        notice_matter.number,
        notice_matter.county,
        notice_matter.indicator,
        arg_max(notice_state.state, notice_state.entry) as state,
        arg_max(notice_state.stated_at, notice_state.entry) as state_at,
        arg_max(notice_state.note, notice_state.entry) as note
    from notice_matter
    inner join notice_state
        on
            notice_matter.number = notice_state.number
            and (
                notice_state.county = '*'
                or (
                    notice_matter.county = notice_state.county
                    and notice_matter.indicator = notice_state.indicator
                )
            )
    where notice_state.entry < $before_entry
    group by notice_matter.number, notice_matter.county, notice_matter.indicator
),

final as (
    select
        notice.number,
        notice.kind,
        notice.ladder,
        notice.addressee,
        notice.month,
        notice.as_of,
        notice.drafted_on,
        notice.reply_by,
        notice_matter.county,
        notice_matter.indicator,
        notice_matter.mark,
        notice_matter.ytd,
        notice_matter.target,
        notice_matter.attainment_pct,
        notice_matter.gap_pp,
        notice_matter.seasonal_gap_pp,
        notice_matter.rank,
        notice_matter.ranked,
        notice_matter.tied,
        notice_matter.required_monthly,
        notice_matter.cites,
        states.state,
        states.state_at,
        states.note
    from notice
    inner join notice_matter on notice.number = notice_matter.number
    inner join states
        on
            notice_matter.number = states.number
            and notice_matter.county = states.county
            and notice_matter.indicator = states.indicator
    where notice.month between $first_month and $last_month
)

select * from final
order by month, drafted_on, number, county, indicator
