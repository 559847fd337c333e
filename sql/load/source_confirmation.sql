-- Adds one confirmation of where a file came from.
insert into source_confirmation (
    file_sha256, confirmed_at, note, account, os_user, host, instructed_by
)
values ($file_sha256, $confirmed_at, $note, $account, $os_user, $host, $instructed_by)
on conflict (file_sha256, confirmed_at) do nothing
