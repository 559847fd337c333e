-- A row is the decision on answering one message: the letter, or why there is none.
create table if not exists mail_answer (
    mail_id varchar primary key,
    decided_at timestamp not null, -- Beijing time
    letter_id varchar not null, -- empty where it is not answered
    reason varchar not null -- why it is not answered; empty where it is
)
