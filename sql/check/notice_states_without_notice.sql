-- A row is a fault: a state or a matter of a notice that was never drafted.
select
    'notice_state' as ledger,
    number
from notice_state
where number not in (select notice.number from notice)
union all
select
    'notice_matter' as ledger,
    number
from notice_matter
where number not in (select notice.number from notice)
