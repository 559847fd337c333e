-- A row is a kind of notice on a ladder: how many of its notices, of months of a year, were sent by a
-- moment, and how many of those were answered, or closed without an answer.
with outcomes as (
    select
        notice.number,
        notice.kind,
        notice.ladder,
        bool_or(notice_state.state = 'sent') as is_sent,
        bool_or(notice_state.state = 'answered') as is_answered,
        bool_or(notice_state.state = 'closed') as is_closed
    from notice
    inner join notice_state on notice.number = notice_state.number
    where
        notice.month between $first_month and $last_month
        and notice_state.stated_at <= $as_of
    group by notice.number, notice.kind, notice.ladder
),

final as (
    select
        kind,
        ladder,
        count(*) filter (where is_sent) as sent,
        count(*) filter (where is_sent and is_answered) as answered,
        count(*) filter (where is_sent and is_closed and not is_answered) as closed
    from outcomes
    group by kind, ladder
)

select * from final
where sent > 0
order by ladder, kind
