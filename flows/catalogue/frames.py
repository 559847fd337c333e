"""The frames that the parts exchange: column → Polars type name, each opening with what a row is.

The catalogue knows no Polars; whoever builds or checks a frame looks the types up by name.
"""

# A row is one number (or state) in force: month × reporter × county × indicator × measure. A null value
# means there is no number: `state` says why. Department figures have county 'city'.
BY_CELL = {
    "month": "String",
    "reporter": "String",
    "county": "String",
    "indicator": "String",
    "measure": "String",
    "value": "Float64",
    "state": "String",
    "done_on": "Date",
}

# A row is period × county × indicator, county 'city' being the total. The contract of `diaodu figures`.
FIGURES_CONTRACT = {
    "period": "String",
    "county": "String",
    "indicator": "String",
    "unit": "String",
    "value": "Float64",
    "ytd": "Float64",
    "target": "Float64",
    "attainment_pct": "Float64",
    "pace_pct": "Float64",
    "gap_pp": "Float64",
    "rank": "Int64",
    "state": "String",
    "reported": "Int64",
    "expected": "Int64",
}

# The same rows with what the documents say besides; all null where it is not known.
FIGURES = FIGURES_CONTRACT | {
    "rule": "String",
    "bound": "String",
    "value_reported": "Int64",  # how many reporters' own value of the period is known
    "previous_value": "Float64",  # the period before (环比)
    "ytd_year_ago": "Float64",  # the same running total a year earlier (同比)
    "seasonal_pct": "Float64",  # the seasonal clock's share of the year, 0–100
    "seasonal_gap_pp": "Float64",
    "required_monthly": "Float64",  # 尚需月均, in the unit; 0 once the target is reached
    "met": "Boolean",  # the target is reached on its own bound
    "mark": "String",
    "ranked": "Int64",  # how many counties are ranked
    "tied": "Boolean",
    "rank_change": "Int64",  # places gained since the month before; negative = lost
    "small_target": "Boolean",
}

# A row is month × reporter: the reporting record (报送情况). received_at is of the version in force.
REPORTING = {
    "month": "String",
    "reporter": "String",
    "kind": "String",
    "due_on": "Date",
    "first_received_at": "Datetime",
    "received_at": "Datetime",
    "versions": "Int64",
    "status": "String",  # on_time | late | missing
    "days_late": "Int64",
    "open_queries": "Int64",
    "errors": "Int64",
    "file_name": "String",
    "sha256": "String",
    "is_sample": "Boolean",
}

# A row is month × reporter × task × kind: a reporter's own words. task 0 is a county's own statement.
STATEMENTS = {
    "month": "String",
    "reporter": "String",
    "task": "Int64",
    "kind": "String",
    "text": "String",
    "sheet": "String",
    "cell": "String",
}

# A row is one problem of a submission in force; a null answer means it is still open.
PROBLEMS = {
    "problem_id": "String",
    "month": "String",
    "reporter": "String",
    "county": "String",
    "indicator": "String",
    "rule": "String",
    "tier": "String",
    "sheet": "String",
    "cell": "String",
    "message": "String",
    "remedy": "String",
    "answer": "String",
    "file_name": "String",
}
