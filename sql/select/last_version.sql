-- A row is the latest accepted report of a reporter and month, whenever it is said to have been received.
with final as (
    select received_at
    from submission
    where status = 'accepted' and reporter = $reporter and month = $month
    qualify row_number() over (order by received_at desc, submission_id desc) = 1
)

select * from final
