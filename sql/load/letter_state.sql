-- Adds one state of a letter as the next entry.
insert into letter_state (
    letter_id, entry, stated_at, state, attempt, reply, account, os_user, host, instructed_by
)
select
    $letter_id as letter_id,
    coalesce(max(letter_state.entry), 0) + 1 as entry,
    $stated_at as stated_at,
    $state as state,
    $attempt as attempt,
    $reply as reply,
    $account as account,
    $os_user as os_user,
    $host as host,
    $instructed_by as instructed_by
from letter_state
