-- A row is one state that a letter came into; the latest stands.
create table if not exists letter_state (
    letter_id varchar not null,
    entry integer not null, -- running number of the ledger
    stated_at timestamp not null, -- Beijing time
    state varchar not null check (
        state in ('queued', 'sending', 'sent', 'failed', 'uncertain', 'dropped')
    ),
    attempt integer not null check (attempt >= 0), -- since a person last queued it
    reply varchar not null, -- what the server answered, or the operator noted
    account varchar, -- who recorded it by hand; null for nobody, or before there were accounts
    os_user varchar, -- of the machine; null with account
    host varchar, -- the machine's name; null with account
    instructed_by varchar, -- at whose instruction; null for nobody's
    primary key (letter_id, entry)
)
