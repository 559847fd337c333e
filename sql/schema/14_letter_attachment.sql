-- A row is one file that goes with a letter: letter × position.
create table if not exists letter_attachment (
    letter_id varchar not null,
    position integer not null, -- from 1
    file_name varchar not null, -- in the letter's folder
    sha256 varchar not null,
    primary key (letter_id, position)
)
