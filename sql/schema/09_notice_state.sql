-- A row is one state that a notice, or one matter of it, came into; the latest stands.
create table if not exists notice_state (
    number varchar not null,
    county varchar not null, -- *: the whole notice
    indicator varchar not null,
    entry integer not null, -- running number of the ledger
    stated_at timestamp not null, -- Beijing time
    state varchar not null check (
        state in ('drafted', 'approved', 'sent', 'answered', 'closed', 'withdrawn')
    ),
    note varchar not null,
    account varchar, -- who recorded it by hand; null for nobody, or before there were accounts
    os_user varchar, -- of the machine; null with account
    host varchar, -- the machine's name; null with account
    instructed_by varchar, -- at whose instruction; null for nobody's
    primary key (number, entry)
)
