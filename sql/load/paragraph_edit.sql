-- Adds one edit of a paragraph as the next entry.
insert into paragraph_edit (
    document, paragraph, action, edited_at, entry, own_text, old_text, new_text,
    account, os_user, host, instructed_by
)
select
    $document as document,
    $paragraph as paragraph,
    $action as action,
    $edited_at as edited_at,
    coalesce(max(paragraph_edit.entry), 0) + 1 as entry,
    $own_text as own_text,
    $old_text as old_text,
    $new_text as new_text,
    $account as account,
    $os_user as os_user,
    $host as host,
    $instructed_by as instructed_by
from paragraph_edit
