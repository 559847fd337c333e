-- A row is one letter: an issued document to one address of one unit; never changed.
create table if not exists letter (
    letter_id varchar primary key, -- the Message-ID
    number varchar not null, -- 发文字号
    sha256 varchar not null, -- of the document's PDF
    unit varchar not null, -- reporter, or the contacts' own id
    unit_name varchar not null,
    role varchar not null check (role in ('to', 'cc')),
    address varchar not null, -- empty: the contacts had none
    subject varchar not null,
    body varchar not null,
    folder varchar not null, -- of the attachments, below the data folder
    queued_at timestamp not null, -- Beijing time; the letter's date
    is_sample boolean not null,
    unique (number, sha256, unit, address)
)
