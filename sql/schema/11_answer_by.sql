-- A row of answer also says who gave it: a reporter, or what the office noted down of a letter or call.
alter table answer add column if not exists answered_by varchar
