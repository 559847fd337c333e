-- The one row is how many rows a table has, and a hash of them that no order changes; empty without rows.
with digests as (
    select sha256(cast(to_json(whole) as varchar)) as digest
    from query_table($name) as whole
),

final as (
    select
        count(*) as row_count,
        coalesce(sha256(string_agg(digest, '' order by digest)), '') as digest
    from digests
)

select * from final
