-- Adds one issued document.
insert into issued (
    number, series, issue_year, serial, gap_note, document, kind, period, county, title, file_name, as_of,
    issued_on, issued_at, draft_sha256, sha256, is_sample
)
values (
    $number, $series, $issue_year, $serial, $gap_note, $document, $kind, $period, $county, $title, $file_name,
    $as_of, $issued_on, $issued_at, $draft_sha256, $sha256, $is_sample
)
