"""One letter for an alert however long it lasts, one when it is over, and none is lost when mail fails."""

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from flows.operations.alerts import Alert, AlertLog, notify_operator, read_log
from flows.settings import Settings

NOON = datetime(2025, 7, 8, 12, 0)
SERVER, DISK = (
    Alert("server", "流程服务没有在运行", "运行 diaodu up"),
    Alert("disk", "磁盘满了", "清理磁盘"),
)


def letters(looks: list[tuple[set[str], bool]]) -> list[list[tuple[str, bool]]]:
    """What each letter that went out said (key, over), for looks that found those alerts while mail worked or not."""
    log = AlertLog(None, ())
    sent = []
    for number, (keys, mail_works) in enumerate(looks):
        found = [one for one in (SERVER, DISK) if one.key in keys]
        log = log.followed_by(found, NOON + timedelta(minutes=15 * number))
        if log.unsent and mail_works:
            sent.append([(one.key, one.is_over) for one in log.unsent])
            log = log.after_sending()
    return sent


def test_an_alert_that_lasts_is_told_once_and_once_more_when_it_is_over() -> None:
    assert letters([({"server"}, True)] * 5 + [(set(), True)] * 3) == [
        [("server", False)],
        [("server", True)],
    ]


def test_a_second_alert_is_told_alone() -> None:
    assert letters([({"server"}, True), ({"server", "disk"}, True)]) == [
        [("server", False)],
        [("disk", False)],
    ]


def test_what_could_not_be_told_is_told_when_mail_works_again() -> None:
    assert letters([({"server"}, False), ({"server"}, False), ({"server"}, True)]) == [[("server", False)]]


def test_what_came_and_passed_while_mail_was_down_is_not_told_at_all() -> None:
    assert letters([({"server"}, False), (set(), False), (set(), True)]) == []


def test_the_end_of_an_alert_is_told_even_if_mail_was_down_then() -> None:
    looks = [({"server"}, True), (set(), False), (set(), True)]
    assert letters(looks) == [[("server", False)], [("server", True)]]


@given(st.lists(st.tuples(st.sets(st.sampled_from(["server", "disk"])), st.booleans()), max_size=20))
def test_beginnings_and_ends_of_an_alert_are_told_in_turn(looks: list[tuple[set[str], bool]]) -> None:
    for key in ("server", "disk"):
        said = [over for letter in letters(looks) for k, over in letter if k == key]
        assert said == [n % 2 == 1 for n in range(len(said))]


def test_the_log_is_read_back_and_a_spoilt_file_is_an_empty_one(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    notify_operator(settings, [SERVER], NOON, lambda *_: "")
    assert read_log(settings) == AlertLog(None, ()).followed_by([SERVER], NOON).after_sending()
    (settings.logs / "alerts.json").write_text("[{", encoding="utf-8")
    assert read_log(settings) == AlertLog(None, ())
