-- A row is a fault: a file that goes with a letter nobody queued.
select
    letter_id,
    file_name
from letter_attachment
where letter_id not in (select letter.letter_id from letter)
