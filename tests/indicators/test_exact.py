"""No float dust: every figure is the double nearest to the true value, and what is printed of it is exact."""

import random
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.indicators.exact import fraction, hundredths, in_units, monthly_average, quotient, share_pct
from flows.plan.period import Period
from flows.plan.terms import CITY, Rule
from flows.plan.units import round_half_up
from tests.indicators.recomputed import Recomputed

wholes = st.integers(-(2**43), 2**43)


def computed(expression, **columns):
    return pl.DataFrame(columns).select(result=expression)["result"].to_list()


@settings(deadline=None)
@given(numerators=st.lists(wholes, min_size=1, max_size=20), denominator=st.integers(1, 2**40))
def test_a_quotient_is_rounded_once_also_by_a_constant(numerators, denominator):
    exact = [float(Fraction(n, denominator)) for n in numerators]
    assert computed(quotient(pl.col("n"), denominator), n=numerators) == exact
    by_column = quotient(pl.col("n"), pl.col("d"))
    assert computed(by_column, n=numerators, d=[denominator] * len(numerators)) == exact


@settings(deadline=None)
@given(cents=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20))
def test_hundredths_there_and_back_change_nothing(cents):
    written = [float(f"{Decimal(c).scaleb(-2)}") for c in cents]
    assert computed(hundredths("n"), n=written) == cents
    assert computed(in_units(hundredths("n")), n=written) == written


def test_null_stays_null():
    assert computed(hundredths("n"), n=[None, 1.0]) == [None, 100]
    assert computed(in_units(pl.col("n")), n=[None, 100]) == [None, 1.0]


@pytest.mark.parametrize(
    ("ytd", "months", "average"), [(841.02, 11, 841.02 / 11), (0.3, 3, 0.1), (58.98, 1, 58.98)]
)
def test_the_monthly_average_is_the_nearest_double(ytd, months, average):
    assert monthly_average(ytd, months) == pytest.approx(average, rel=1e-15)
    assert monthly_average(ytd, months) == float(fraction(ytd) / months)


def test_900_less_841_02_over_one_month_is_58_98(reports):
    figure = reports.say("2025-11", "hure", "tertiary_jobs", 841.02).figure(
        "2025-11", "hure", "tertiary_jobs"
    )
    assert 900 - 841.02 != 58.98  # as binary fractions
    assert figure["required_monthly"] == 58.98
    assert Decimal(str(figure["required_monthly"])).quantize(Decimal("0.01"), ROUND_CEILING) == Decimal(
        "58.98"
    )


def test_a_tie_in_the_printed_decimal_is_rounded_up_as_on_paper(reports):
    # 954.45 of 900 is 106.05 %; in December that is 6.05 points ahead, printed +6.1
    figure = reports.say("2025-12", "hure", "tertiary_jobs", 954.45).figure(
        "2025-12", "hure", "tertiary_jobs"
    )
    assert (figure["attainment_pct"], figure["gap_pp"]) == (106.05, 6.05)
    assert 106.05 - 100 != 6.05  # as binary fractions
    assert str(round_half_up(figure["gap_pp"], 1)) == "6.1"


def test_a_hundred_tenths_are_ten(reports):
    reports.everyone("2025-06", "startup_loans", *[0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3])
    assert reports.figure("2025-06", "city", "startup_loans")["ytd"] == 1.8
    assert sum([0.1, 0.2, 0.3] * 3) != 1.8  # as binary fractions


def agrees(row, expected):
    """Equal to the last bit; the attainment of a share to its eleventh decimal and as printed."""
    if row["rule"] == Rule.SHARE.value and expected["attainment_pct"] is not None:
        exact = expected["attainment_pct"]
        assert round_half_up(row["attainment_pct"], 1) == round_half_up(exact, 1)
        expected = expected | {"attainment_pct": pytest.approx(exact, abs=1e-11)}
    assert {name: row[name] for name in expected} == expected, (row["county"], row["indicator"])


def a_year_at_random(reports, seed):
    """Twelve months of every indicator: whole numbers and money near the pace, with gaps, zeros and falls."""
    chance = random.Random(seed)
    for indicator in reports.catalogue.indicators:
        reporters = [c.id for c in reports.catalogue.counties_of(indicator)] or [CITY]
        for county in reporters:
            target = float(indicator.county_targets.get(county, indicator.target or 5))
            for month in range(1, 13):
                if chance.random() < 0.1:
                    continue
                one_cell(reports, chance, f"2025-{month:02d}", county, indicator, target * month / 12)
    return reports


def one_cell(reports, chance, month, county, indicator, pace):
    places = indicator.decimals
    match indicator.rule:
        case Rule.SHARE:
            whole = chance.randrange(1, 3000)
            reports.say(month, county, indicator.id, chance.randrange(whole + 1), measure="numerator")
            reports.say(month, county, indicator.id, whole, measure="denominator")
        case Rule.MEAN:
            reports.say(month, county, indicator.id, chance.randrange(300, 800) / 100)
        case Rule.MILESTONE:
            reports.say(month, county, indicator.id, float(chance.random() < 0.2))
        case _ if chance.random() < 0.05:
            reports.say(month, county, indicator.id, None, state="confirmed_zero")
        case _:
            # half the numbers lie on a threshold: 5 or 10 points from pace, or on it
            steps = (0.9, 0.95, 1.0, 1.05, chance.uniform(0.5, 1.5), chance.uniform(0.8, 1.2))
            reports.say(month, county, indicator.id, round(pace * chance.choice(steps), places))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("period", ["2025-01", "2025-06", "2025-11", "2025-12", "2025-Q2", "2025-H2", "2025"])
def test_a_whole_plan_recomputed_in_fractions_gives_the_same_figures(plan, reports_of, seed, period):
    reports = a_year_at_random(reports_of(plan), seed)
    again = Recomputed(plan, reports.rows, Period.parse(period))
    for row in reports.frame(period).iter_rows(named=True):
        indicator = plan.indicator[row["indicator"]]
        agrees(row, again.figure(row["county"], indicator, row["target"]))
        assert row["mark"] == again.mark(row["county"], indicator, row["target"]), row


@pytest.mark.parametrize("seed", range(3))
def test_ranks_recomputed_in_fractions_are_the_same(plan, reports_of, seed):
    reports = a_year_at_random(reports_of(plan), seed)
    again = Recomputed(plan, reports.rows, Period.parse("2025-06"))
    for indicator in (i for i in plan.annex_indicators if i.rule is Rule.TOTAL):
        rows = reports.frame("2025-06").filter(
            pl.col("indicator") == indicator.id, pl.col("rank").is_not_null()
        )
        ranks = again.ranks(indicator)
        assert dict(rows.select("county", "rank").iter_rows()) == ranks
        tied = {c for c in ranks if list(ranks.values()).count(ranks[c]) > 1}
        assert set(rows.filter("tied")["county"]) == tied


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(), period=st.sampled_from(["2025-03", "2025-Q3", "2025-H1", "2025"]))
def test_any_year_of_every_rule_recomputed_in_fractions_gives_the_same_figures(
    every_rule, reports_of, seed, period
):
    reports = a_year_at_random(reports_of(every_rule), seed)
    again = Recomputed(every_rule, reports.rows, Period.parse(period))
    for row in reports.frame(period).iter_rows(named=True):
        indicator = every_rule.indicator[row["indicator"]]
        agrees(row, again.figure(row["county"], indicator, row["target"]))
        assert row["mark"] == again.mark(row["county"], indicator, row["target"]), row


def test_a_share_has_no_dust() -> None:
    """0.07 × 100 is 7.000000000000001 to a double, and 29 of 100 no 28.999999999999996."""
    assert share_pct(0.07, 1) == 7
    assert share_pct(29, 100) == 29
    assert share_pct(1, 3) == 100 / 3
