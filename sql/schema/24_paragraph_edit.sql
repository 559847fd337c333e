-- A row is one edit of a paragraph by the office: document × paragraph × entry; the last one is in force.
create table if not exists paragraph_edit (
    document varchar not null, -- folder below data/reports
    paragraph varchar not null, -- its id in the document
    action varchar not null check (action in ('written', 'confirmed', 'withdrawn')),
    edited_at timestamp not null, -- Beijing time
    entry integer primary key, -- running number of the ledger
    own_text varchar not null, -- the program's paragraph then, numbers as tokens; empty for a slot
    old_text varchar not null, -- what stood there before
    new_text varchar not null, -- what stands there since; empty: left out
    account varchar, -- who was logged in; null for nobody
    os_user varchar, -- of the machine; null with account
    host varchar, -- the machine's name; null with account
    instructed_by varchar -- at whose instruction; null for nobody's
)
