-- The one row is how many reports are on record, accepted or refused.
select count(*) as reports
from submission
