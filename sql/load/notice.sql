-- Adds one notice to the ledger, once drafted.
insert into notice (number, kind, ladder, addressee, month, as_of, drafted_on, reply_by)
values ($number, $kind, $ladder, $addressee, $month, $as_of, $drafted_on, $reply_by)
