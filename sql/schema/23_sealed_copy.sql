-- A row is one sealed copy of an issued document; of several of one number the last counts.
create table if not exists sealed_copy (
    entry integer primary key, -- running number of the ledger
    number varchar not null, -- 发文字号
    issued_sha256 varchar not null, -- of the PDF as it was issued
    sha256 varchar not null, -- of the sealed copy
    place varchar not null, -- its file, below the data folder
    seal_pages varchar not null, -- pages with a seal: 1,9
    signatures varchar not null, -- as the file names them, not judged; empty where it has none
    sealed_at timestamp not null, -- when it was recorded here, Beijing time
    account varchar, -- who was logged in
    os_user varchar, -- of the machine
    host varchar, -- the machine's name
    instructed_by varchar -- at whose instruction; null for nobody's
)
