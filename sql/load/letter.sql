-- Adds one letter to the outbox.
insert into letter (
    letter_id, kind, number, sha256, unit, unit_name, role, address, subject, body, html, in_reply_to,
    reference_ids, folder, queued_at, is_sample
)
values (
    $letter_id, $kind, $number, $sha256, $unit, $unit_name, $role, $address, $subject, $body, $html,
    $in_reply_to, $reference_ids, $folder, $queued_at, $is_sample
)
