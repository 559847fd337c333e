-- A row is one table of the warehouse, with its columns in order.
with final as (
    select
        table_name as name,
        list(column_name order by column_index) as column_names
    from duckdb_columns()
    where not internal
    group by table_name
)

select * from final
order by name
