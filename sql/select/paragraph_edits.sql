-- A row is one edit of a paragraph, oldest first; of all documents where none is named.
select
    document,
    paragraph,
    action,
    edited_at,
    own_text,
    old_text,
    new_text,
    account,
    os_user,
    host,
    instructed_by
from paragraph_edit
where $document is null or document = $document
order by entry
