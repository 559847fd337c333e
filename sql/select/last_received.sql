-- The one row is the moment of the last file accepted: the default data cut (null before any).
select max(received_at) as last_received_at
from submission
where status = 'accepted'
