-- A row is a document number, or what stands for it, that there is a letter of.
select distinct number
from letter
order by number
