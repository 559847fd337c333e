-- The one row is the entry with which a notice was drafted; none where there is no such notice.
select min(entry) as entry
from notice_state
where number = $number
