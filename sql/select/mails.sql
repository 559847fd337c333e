-- A row is one message of an id (of all where it is empty), with its files, whose it is by the latest
-- confirmation, and the decision on its answer; in the order of receipt.
with files as (
    select
        mail_id,
        list(file_name order by position) as file_names,
        list(sha256 order by position) as file_hashes
    from mail_file
    group by mail_id
),

confirmed as (
    select
        mail_id,
        arg_max(reporter, entry) as confirmed_reporter
    from mail_sender
    where mail_id != ''
    group by mail_id
),

final as (
    select
        mail.mail_id,
        mail.message_id,
        mail.reference_ids,
        mail.sha256,
        mail.sender,
        mail.subject,
        mail.received_at,
        mail.noticed_at,
        mail.folder,
        mail.uid_validity,
        mail.uid,
        mail.kind,
        mail.is_automatic,
        mail.doubt,
        files.file_names,
        files.file_hashes,
        mail_answer.letter_id,
        mail_answer.reason,
        coalesce(confirmed.confirmed_reporter, mail.reporter) as reporter
    from mail
    left join files on mail.mail_id = files.mail_id
    left join confirmed on mail.mail_id = confirmed.mail_id
    left join mail_answer on mail.mail_id = mail_answer.mail_id
    where mail.mail_id = $mail_id or $mail_id = ''
)

select * from final
order by received_at, mail_id
