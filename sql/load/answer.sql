-- Adds one answer to a query; of two at the same moment the one written down later stands.
insert into answer (
    question_number, answered_at, answer, answered_by, account, os_user, host, instructed_by
)
values (
    $question_number, $answered_at, $answer, $answered_by, $account, $os_user, $host, $instructed_by
)
on conflict (question_number, answered_at) do update set
    answer = excluded.answer,
    answered_by = excluded.answered_by,
    account = excluded.account,
    os_user = excluded.os_user,
    host = excluded.host,
    instructed_by = excluded.instructed_by
