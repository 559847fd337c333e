-- A row is one letter of a document number (of all where it is empty) in one of these states (in any where
-- none is given), with its files and its present state.
with latest as (
    select
        letter_id,
        arg_max(state, entry) as state,
        arg_max(stated_at, entry) as stated_at,
        arg_max(attempt, entry) as attempt,
        arg_max(reply, entry) as reply,
        min(entry) as first_entry
    from letter_state
    group by letter_id
),

attached as (
    select
        letter_id,
        list(file_name order by position) as file_names,
        list(sha256 order by position) as file_hashes
    from letter_attachment
    group by letter_id
),

final as (
    select
        letter.letter_id,
        letter.kind,
        letter.number,
        letter.sha256,
        letter.unit,
        letter.unit_name,
        letter.role,
        letter.address,
        letter.subject,
        letter.body,
        letter.html,
        letter.in_reply_to,
        letter.reference_ids,
        attached.file_names,
        attached.file_hashes,
        letter.folder,
        letter.queued_at,
        letter.is_sample,
        latest.state,
        latest.stated_at,
        latest.attempt,
        latest.reply,
        latest.first_entry
    from letter
    inner join latest on letter.letter_id = latest.letter_id
    left join attached on letter.letter_id = attached.letter_id
    where
        (letter.number = $number or $number = '')
        and (len($states) = 0 or list_contains($states, latest.state))
)

select * from final
order by first_entry
