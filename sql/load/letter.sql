-- Adds one letter to the outbox.
insert into letter (
    letter_id, number, sha256, unit, unit_name, role, address, subject, body, folder, queued_at,
    is_sample
)
values (
    $letter_id, $number, $sha256, $unit, $unit_name, $role, $address, $subject, $body, $folder,
    $queued_at, $is_sample
)
