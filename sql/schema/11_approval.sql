-- A row is one decision on a draft at one step: who, when, on which PDF.
create table if not exists approval (
    document varchar not null, -- folder below data/reports
    sha256 varchar not null, -- of the PDF that was decided on
    step varchar not null check (step in ('review', 'sign')),
    decision varchar not null check (decision in ('approved', 'returned')),
    decided_by varchar not null,
    decided_at timestamp not null, -- Beijing time
    entry integer primary key, -- running number of the ledger
    note varchar not null,
    account varchar, -- who was logged in; null before there were accounts
    os_user varchar, -- of the machine; null before it was recorded
    host varchar, -- the machine's name; null before it was recorded
    instructed_by varchar -- at whose instruction; null for nobody's
)
