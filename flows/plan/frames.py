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
    "question_number": "String",
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

# A row is county × indicator: how one indicator counts in a county's year. points is null where the year-end
# figure is not known; gain is what one unit more adds to the score, 0 once the cap is reached.
SCORE_LINES = {
    "county": "String",
    "indicator": "String",
    "unit": "String",
    "ytd": "Float64",
    "target": "Float64",
    "attainment_pct": "Float64",
    "state": "String",
    "points": "Float64",
    "gain": "Float64",
    "score_then": "Float64",  # the county's score with one unit more, all else equal
    "grade_then": "String",
    "rank_then": "Int64",
}

# A row is a county: its score of the year and how it came about. score, rank and grade are withheld (null,
# ungraded) while an indicator is not known; lowest and highest are then what it may become.
SCORES = {
    "county": "String",
    "known": "Int64",
    "expected": "Int64",
    "points": "Float64",  # mean of the known indicators
    "late": "Int64",
    "missing": "Int64",
    "open_queries": "Int64",
    "deducted": "Float64",
    "score": "Float64",
    "lowest": "Float64",
    "highest": "Float64",
    "rank": "Int64",
    "tied": "Boolean",
    "grade": "String",
    "beyond_limit": "Boolean",  # reaches 优秀 but the share of 优秀 is used up
}

# A row is a county: whether it may be proposed for commendation, with what speaks against it.
COMMENDATION = {
    "county": "String",
    "proposed": "Boolean",
    "score": "Float64",
    "quarters": "Int64",  # quarter-ends in a row, back from the year's end, without yellow, red or unknown
    "late": "Int64",
    "missing": "Int64",
    "open_queries": "Int64",
    "revised_indicator": "String",  # the largest correction of a running total in the year
    "revised_month": "String",
    "revision_pct": "Float64",
    "short": "String",  # indicators whose annual target is not reached, ids joined by a space
    "vetoes": "String",  # names of the criteria it fails, joined by a space
}

# A row is one running total of a county that a later file changed: the first reported and the one in force.
REVISIONS = {
    "month": "String",
    "county": "String",
    "indicator": "String",
    "first_value": "Float64",
    "value": "Float64",
}

# A row is one number not in force as it was at an earlier moment: month × reporter × county × indicator × measure.
# state_before is null where nothing had been received then.
CORRECTED_CELLS = {
    "month": "String",
    "reporter": "String",
    "county": "String",
    "indicator": "String",
    "measure": "String",
    "value_before": "Float64",
    "state_before": "String",
    "value": "Float64",
    "state": "String",
    "reason": "String",
    "sheet": "String",
    "cell": "String",
    "file_name": "String",
    "received_at": "Datetime",
}

# A row is county × indicator: a figure that an issued document carried and that would be printed otherwise now.
CORRECTED = {
    "county": "String",
    "indicator": "String",
    "unit": "String",
    "state_before": "String",
    "state": "String",
    "value_before": "Float64",
    "value": "Float64",
    "ytd_before": "Float64",
    "ytd": "Float64",
    "attainment_pct_before": "Float64",
    "attainment_pct": "Float64",
    "gap_pp_before": "Float64",
    "gap_pp": "Float64",
    "rank_before": "Int64",
    "rank": "Int64",
    "tied_before": "Boolean",
    "tied": "Boolean",
    "mark_before": "String",
    "mark": "String",
}
