-- Adds one report received.
insert into submission (
    submission_id, file_sha256, part_reporter, received_at, file_name, origin_kind, origin_name, status,
    reporter, month, is_sample, refusal
)
values (
    $submission_id, $file_sha256, $part_reporter, $received_at, $file_name, $origin_kind, $origin_name,
    $status, $reporter, $month, $is_sample, $refusal
)
