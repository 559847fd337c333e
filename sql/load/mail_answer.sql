-- Adds the decision on answering one message.
insert into mail_answer (mail_id, decided_at, letter_id, reason)
values ($mail_id, $decided_at, $letter_id, $reason)
