-- The one row is the last moment, up to one given, at which anything that documents show changed: the default
-- data cut, and how many such changes there were. The moment is null before any file was accepted.
with changes as (
    select received_at as changed_at
    from submission
    where status = 'accepted'
    union all
    select answered_at as changed_at
    from answer
),

final as (
    select
        max(changed_at) as last_change_at,
        count(*) as changes
    from changes
    where changed_at <= $up_to
)

select * from final
