"""What an issued document would say otherwise now: only what would be printed otherwise."""

import polars as pl

from flows.indicators.figures import changed_figures

SAME = {"state": "reported", "value": 96.0, "ytd": 431.0, "attainment_pct": 39.181818, "gap_pp": -10.818182,
        "rank": 7, "tied": False, "mark": "red"}  # fmt: skip
PLACE = {"county": "kailu", "indicator": "urban_new_jobs"}


def frames(before: dict[str, object], now: dict[str, object]) -> tuple[pl.DataFrame, pl.DataFrame]:
    return pl.DataFrame([PLACE | before]), pl.DataFrame(
        [PLACE | {"unit": "人"} | now], infer_schema_length=None
    )


def test_a_figure_that_is_the_same_is_not_listed() -> None:
    assert changed_figures(*frames(SAME, SAME)).is_empty()


def test_a_difference_that_is_not_printed_is_none() -> None:
    now = SAME | {"attainment_pct": 39.2249, "gap_pp": -10.7751}  # 39.2 and -10.8 both times
    assert changed_figures(*frames(SAME, now)).is_empty()


def test_a_corrected_running_total_is_listed_then_and_now() -> None:
    now = SAME | {"ytd": 440.0, "attainment_pct": 440 * 100 / 1100, "gap_pp": 440 * 100 / 1100 - 50}
    (row,) = changed_figures(*frames(SAME, now)).iter_rows(named=True)
    assert (row["ytd_before"], row["ytd"]) == (431.0, 440.0)
    assert (row["attainment_pct_before"], row["attainment_pct"]) == (39.181818, 40.0)


def test_a_rank_that_moves_because_another_county_corrected_is_listed() -> None:
    (row,) = changed_figures(*frames(SAME, SAME | {"rank": 6})).iter_rows(named=True)
    assert (row["rank_before"], row["rank"], row["ytd_before"] == row["ytd"]) == (7, 6, True)


def test_a_number_that_became_unknown_is_null_and_not_zero() -> None:
    now = SAME | {
        "state": "blocked",
        "value": None,
        "ytd": None,
        "attainment_pct": None,
        "gap_pp": None,
        "rank": None,
    }
    (row,) = changed_figures(*frames(SAME, now)).iter_rows(named=True)
    assert (row["ytd_before"], row["ytd"], row["state"]) == (431.0, None, "blocked")


def test_what_the_document_did_not_carry_is_not_corrected() -> None:
    carried, figures = frames(SAME, SAME | {"ytd": 440.0})
    assert changed_figures(carried.filter(pl.col("county") == "hure"), figures).is_empty()
