-- A row is one message that was fetched; never changed.
create table if not exists mail (
    mail_id varchar primary key, -- a hash of what its sender wrote
    message_id varchar not null, -- as its sender gave it; empty where he gave none
    reference_ids varchar not null, -- the Message-IDs that it answers, by spaces
    sha256 varchar not null, -- of the bytes fetched
    sender varchar not null, -- one address in small letters; empty where it names none or several
    subject varchar not null,
    received_at timestamp not null, -- Beijing time, the mail server's, not later than noticed_at
    noticed_at timestamp not null, -- Beijing time
    folder varchar not null, -- of the mailbox
    uid_validity bigint not null,
    uid bigint not null, -- in that folder
    kind varchar not null check (kind in ('report', 'bounce', 'automatic', 'plain', 'too_large')),
    is_automatic boolean not null,
    reporter varchar, -- whose address the sender's was; null for nobody's, or where doubted
    doubt varchar not null -- what the office's mail server found wrong with the sender; empty for nothing
)
