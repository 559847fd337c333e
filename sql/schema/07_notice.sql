-- A row is one notice (提醒、催办、督办建议) drafted for one addressee on one ladder; never changed.
create table if not exists notice (
    number varchar primary key, -- 提醒〔2025〕3: the ledger's own, not a document number
    kind varchar not null check (kind in ('reminder', 'urging', 'escalation')),
    ladder varchar not null check (ladder in ('late', 'behind')),
    addressee varchar not null, -- reporter
    month varchar not null, -- 'YYYY-MM', the reporting month
    as_of timestamp not null, -- data cut
    drafted_on date not null,
    reply_by date not null
)
