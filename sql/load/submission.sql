-- Adds one file received.
insert into submission (sha256, received_at, file_name, status, reporter, month, is_sample, refusal)
values ($sha256, $received_at, $file_name, $status, $reporter, $month, $is_sample, $refusal)
