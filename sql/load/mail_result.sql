-- Adds what became of one report that came by mail; the same again, nothing.
insert or ignore into mail_result (
    mail_id, file_sha256, report_name, status, month, title, next_step, items_left, receipt, returned
)
values (
    $mail_id, $file_sha256, $report_name, $status, $month, $title, $next_step, $items_left, $receipt,
    $returned
)
