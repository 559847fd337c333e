-- Adds one state of a notice, or of one matter of it (county *: the whole), as the next entry.
insert into notice_state (
    number, county, indicator, entry, stated_at, state, note, account, os_user, host, instructed_by
)
select
    $number as number,
    $county as county,
    $indicator as indicator,
    coalesce(max(notice_state.entry), 0) + 1 as entry,
    $stated_at as stated_at,
    $state as state,
    $note as note,
    $account as account,
    $os_user as os_user,
    $host as host,
    $instructed_by as instructed_by
from notice_state
