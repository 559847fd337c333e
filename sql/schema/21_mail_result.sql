-- A row is what became of one report that came by mail: mail × file × name within the file.
create table if not exists mail_result (
    mail_id varchar not null,
    file_sha256 varchar not null, -- of the file attached, the package where it was one
    report_name varchar not null, -- as on the receipt
    status varchar not null check (status in ('accepted', 'refused', 'unchanged')),
    month varchar not null,
    title varchar not null, -- of the receipt
    next_step varchar not null, -- as on the receipt
    items_left integer not null, -- to be dealt with
    receipt varchar not null, -- the text, below the data folder
    returned varchar not null, -- the workbook that goes back, below the data folder; empty for none
    primary key (mail_id, file_sha256, report_name)
)
