-- Adds one message that was fetched.
insert into mail (
    mail_id, message_id, reference_ids, sha256, sender, subject, received_at, noticed_at, folder,
    uid_validity, uid, kind, is_automatic, reporter, doubt
)
values (
    $mail_id, $message_id, $reference_ids, $sha256, $sender, $subject, $received_at, $noticed_at, $folder,
    $uid_validity, $uid, $kind, $is_automatic, $reporter, $doubt
)
