-- A row is one address or message that was confirmed to be a reporter's; the latest stands.
create table if not exists mail_sender (
    address varchar not null, -- in small letters
    entry integer not null, -- running number of the ledger
    mail_id varchar not null, -- the one message that is confirmed; empty: the address, from then on
    reporter varchar not null,
    confirmed_at timestamp not null, -- Beijing time
    account varchar, -- who confirmed it
    os_user varchar, -- of the machine; null with account
    host varchar, -- the machine's name; null with account
    instructed_by varchar, -- at whose instruction; null for nobody's
    primary key (entry)
)
