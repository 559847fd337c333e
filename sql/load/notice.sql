-- Adds one notice.
insert into notice (number, kind, ladder, addressee, month, as_of, drafted_on, reply_by)
values ($number, $kind, $ladder, $addressee, $month, $as_of, $drafted_on, $reply_by)
