-- A row is one file of a message: mail × position.
create table if not exists mail_file (
    mail_id varchar not null,
    position integer not null, -- from 1
    file_name varchar not null,
    sha256 varchar not null,
    primary key (mail_id, position)
)
