-- A row is one letter: an issued document to one address of one unit; never changed.
create table if not exists letter (
    letter_id varchar primary key, -- the Message-ID
    kind varchar not null check (kind in ('document', 'receipt', 'form', 'reminder')),
    number varchar not null, -- 发文字号, or what a letter without one is known by
    sha256 varchar not null, -- of the document's PDF, of the message answered, or of the form
    unit varchar not null, -- reporter, or the contacts' own id
    unit_name varchar not null,
    role varchar not null check (role in ('to', 'cc')),
    address varchar not null, -- empty: the contacts had none
    subject varchar not null,
    body varchar not null,
    html varchar not null, -- the same as a page; empty for none
    in_reply_to varchar not null, -- the Message-ID that it answers; empty for none
    reference_ids varchar not null, -- those of the whole conversation, by spaces
    folder varchar not null, -- of the attachments, below the data folder
    queued_at timestamp not null, -- Beijing time; the letter's date
    is_sample boolean not null,
    unique (number, sha256, unit, address)
)
