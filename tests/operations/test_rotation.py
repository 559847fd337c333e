"""Which backups are kept: the last of the last days, weeks and months that have one."""

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from flows.operations.backup.archive import backups, expendable, name_of
from flows.plan.policy import BackupRetention

POLICY = BackupRetention(daily=7, weekly=4, monthly=12)
MOMENTS = st.sets(st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)), max_size=60)


def kept(moments: set[datetime], policy: BackupRetention = POLICY) -> set[datetime]:
    return moments - expendable(moments, policy)


def test_a_year_of_daily_backups_leaves_seven_days_four_weeks_and_twelve_months() -> None:
    every = {datetime(2025, 1, 1, 7, 35) + timedelta(days=n) for n in range(365)}
    days = sorted(f"{m:%m-%d}" for m in kept(every))
    # the last 7 days; the Sundays 14, 21 and 28 December and the 31st are the last of four weeks; month ends
    assert days == sorted(
        {"12-25", "12-26", "12-27", "12-28", "12-29", "12-30", "12-31", "12-14", "12-21"}
        | {"01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30"}
    )


def test_of_one_day_the_last_is_kept() -> None:
    morning, noon = datetime(2025, 7, 8, 7, 35), datetime(2025, 7, 8, 12)
    assert kept({morning, noon}) == {noon}


@given(MOMENTS)
def test_the_newest_is_always_kept_and_no_more_than_the_policy_says(moments: set[datetime]) -> None:
    left = kept(moments)
    assert not moments or max(moments) in left
    assert len(left) <= 7 + 4 + 12
    assert kept(left) == left  # once more: nothing
    assert kept(moments, BackupRetention(0, 0, 0)) == set(sorted(moments)[-1:])


@given(MOMENTS)
def test_seven_days_and_twelve_months_that_have_a_backup_keep_one(moments: set[datetime]) -> None:
    left = kept(moments)
    for span in (datetime.date, lambda m: (m.year, m.month)):
        spans = sorted({span(m) for m in moments})[-7:]
        assert {span(m) for m in left} >= set(spans)


def test_only_finished_backups_count(tmp_path: Path) -> None:
    made = datetime(2025, 7, 8, 17, 30)
    (tmp_path / name_of(made)).write_bytes(b"")
    for other in ("diaodu-20250708.tar.gz", "旧备份.tar.gz", f".{name_of(made)}.part"):
        (tmp_path / other).write_bytes(b"")
    (tmp_path / ".diaodu-123-x").mkdir()
    assert backups(tmp_path) == {made: tmp_path / "diaodu-20250708T173000.tar.gz"}
    assert backups(tmp_path / "nowhere") == {}
