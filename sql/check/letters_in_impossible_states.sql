-- A row is a fault: a letter without a state, a state without a letter, or one that cannot follow another.
with steps as (
    select
        letter_state.letter_id,
        letter_state.entry,
        letter_state.state,
        letter.address,
        coalesce(
            lag(letter_state.state) over (
                partition by letter_state.letter_id
                order by letter_state.entry
            ),
            ''
        ) as before
    from letter_state
    left join letter on letter_state.letter_id = letter.letter_id
),

followed as (
    select
        letter_id,
        state,
        before,
        address is not null and case state
            when 'queued' then address != '' and before in ('', 'sending', 'failed', 'uncertain')
            when 'sending' then before = 'queued'
            when 'failed'
                then before in ('queued', 'sending', 'sent', 'uncertain') or (before = '' and address = '')
            when 'uncertain' then before = 'sending'
            when 'sent' then before in ('sending', 'failed', 'uncertain')
            when 'dropped' then before in ('queued', 'failed', 'uncertain')
        end as may_follow
    from steps
)

select
    letter_id,
    before,
    state
from followed
where not may_follow
union all
select
    letter_id,
    '' as before,
    '' as state
from letter
where letter_id not in (select letter_state.letter_id from letter_state)
