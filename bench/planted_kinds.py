"""The errors that get planted (人为差错), by kind: each changes an honest form the way a clerk would spoil it."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from flows.plan.observation import KnownTotals
from flows.plan.terms import Measure, Rule
from flows.submissions.form.form_spec import Entry, FormSpec, Line, form_spec
from flows.submissions.sample.year import Rows, Year, rows

MONTH, TOTAL, LEVEL = Measure.IN_MONTH, Measure.RUNNING_TOTAL, Measure.LEVEL
TEN_THOUSAND = 10_000


@dataclass
class Desk:
    """One report about to be sent: the form, what is typed, what is in force around it, the file's name."""

    year: Year
    form: FormSpec
    typed: Rows
    known: dict[tuple[str, str], KnownTotals]
    line: Line
    chance: Random
    name: str = "月报.xlsx"
    target: dict[tuple[str, str], Decimal] = field(default_factory=dict)  # written over the plan's

    @property
    def month(self) -> int:
        return int(self.form.month[-2:])

    def value(self, measure: Measure, line: Line | None = None) -> Decimal:
        line = line or self.line
        return Decimal(str(self.typed[line.county, line.indicator].values[measure]))

    def put(self, line: Line | None = None, **numbers: Decimal | int | str | None) -> None:
        """Other contents under 本月 or 累计 (month, total) or another measure of a row."""
        key = (line or self.line).county, (line or self.line).indicator
        named = {
            "month": MONTH,
            "total": TOTAL,
            "level": LEVEL,
            "part": Measure.NUMERATOR,
            "rate": Measure.RATE,
        }
        values = {**self.typed[key].values, **{named[n]: v for n, v in numbers.items() if v is not None}}
        self.typed[key] = dataclasses.replace(self.typed[key], values=values, choice="")


Plant = Callable[[Desk], None]
Wanted = Callable[[Line, Entry], bool]


def grows(line: Line, entry: Entry) -> bool:
    """A running total with a month of its own, and something before it."""
    values = entry.values
    return (
        line.rule is Rule.TOTAL
        and values.keys() >= {MONTH, TOTAL}
        and values[MONTH] not in (0, values[TOTAL])
    )


def whole(line: Line, entry: Entry) -> bool:
    return grows(line, entry) and not line.decimals


def repeatable(line: Line, entry: Entry) -> bool:
    """A month that the policy takes for too large to repeat by chance."""
    return grows(line, entry) and Decimal(str(entry.values[MONTH])) >= 60


def money(line: Line, entry: Entry) -> bool:
    return grows(line, entry) and line.unit == "万元"


def tens_of_thousands(line: Line, entry: Entry) -> bool:
    return whole(line, entry) and Decimal(str(entry.values[TOTAL])) >= TEN_THOUSAND


def large(line: Line, entry: Entry) -> bool:
    return grows(line, entry) and (line.target or 0) >= 100 and line.previous != line.target


def a_rate(line: Line, entry: Entry) -> bool:
    return line.unit == "%" and LEVEL in entry.values


def a_share(line: Line, entry: Entry) -> bool:
    return line.rule is Rule.SHARE and Measure.NUMERATOR in entry.values


def a_level(line: Line, entry: Entry) -> bool:
    return LEVEL in entry.values and line.unit not in ("%", "个百分点") and (line.target or 0) >= TEN_THOUSAND


def own_city_figure(line: Line, entry: Entry) -> bool:
    return line.optional and grows(line, entry)


def subsidised(line: Line, entry: Entry) -> bool:
    return line.indicator == "subsidised_training"


def by(desk: Desk, factor: Decimal | int, places: int = 0) -> None:
    desk.put(month=round(desk.value(MONTH) * factor, places), total=round(desk.value(TOTAL) * factor, places))


def added(desk: Desk, more: Decimal | int) -> None:
    desk.put(month=desk.value(MONTH) + more, total=desk.value(TOTAL) + more)


def swapped(desk: Desk) -> None:
    text = f"{desk.value(TOTAL):f}"
    places = [n for n in range(len(text) - 1) if "." not in text[n : n + 2] and text[n] != text[n + 1]]
    at = desk.chance.choice(places) if places else 0
    changed = text[:at] + text[at + 1] + text[at] + text[at + 2 :] if places else text + "0"
    desk.put(total=Decimal(changed))


def last_month(desk: Desk) -> None:
    for key, entry in desk.typed.items():
        if {MONTH, TOTAL} <= entry.values.keys():
            before = Decimal(str(entry.values[TOTAL])) - Decimal(str(entry.values[MONTH]))
            desk.typed[key] = Entry({MONTH: Decimal(0), TOTAL: before})


def next_month(desk: Desk) -> None:
    """This month already stands, and next month's numbers come under its label."""
    number = f"{desk.form.month[:4]}-{desk.month + 1:02d}"
    desk.known |= {
        key: dataclasses.replace(k, current=desk.year.running(*key)[desk.month - 1])
        for key, k in desk.known.items() if key[0] == desk.line.county
    }  # fmt: skip
    desk.typed |= rows(form_spec(desk.year.catalogue, desk.form.reporter.id, number, {}), desk.year)


def _neighbour(desk: Desk) -> str:
    others = [c.id for c in desk.year.catalogue.counties if c.id != desk.line.county]
    return desk.chance.choice(others)


def neighbours_file(desk: Desk) -> None:
    theirs = rows(form_spec(desk.year.catalogue, county := _neighbour(desk), desk.form.month, {}), desk.year)
    own = desk.line.county
    desk.typed |= {(own, i): e for (c, i), e in theirs.items() if c == county and (own, i) in desk.typed}


def neighbours_totals(desk: Desk) -> None:
    """Three of a neighbour's totals under one's own name, the months made to agree."""
    county = _neighbour(desk)
    totals = [line for line in desk.form.lines if line.rule is Rule.TOTAL]
    for line in totals[:3]:
        total = desk.year.running(county, line.indicator)[desk.month - 1]
        desk.put(line, month=total - (line.previous or 0), total=total)


def same_step(desk: Desk) -> None:
    """The month before and the one before that added the same as this one."""
    key, step = (desk.line.county, desk.line.indicator), desk.value(MONTH)
    before = desk.line.previous or Decimal(0)
    earlier = (before - step, before - 2 * step)
    desk.known[key] = dataclasses.replace(desk.known[key], earlier=earlier)
    desk.put(month=step, total=before + step)


def other_target(desk: Desk) -> None:
    desk.target[desk.line.county, desk.line.indicator] = round((desk.line.target or 1) * 9 / 10) + Decimal(1)


def above_its_whole(desk: Desk) -> None:
    whole = desk.value(TOTAL, next(x for x in desk.form.lines if x.indicator == "skills_training"))
    desk.put(month=whole + 1 - (desk.line.previous or 0), total=whole + 1)


def above_the_counties(desk: Desk) -> None:
    shares = desk.year.catalogue.indicator[desk.line.indicator].county_targets
    counties = sum(desk.year.running(c, desk.line.indicator)[desk.month - 1] for c in shares)
    desk.put(month=counties + 1 - (desk.line.previous or 0), total=Decimal(counties + 1))


def other_name(desk: Desk) -> None:
    desk.name = f"{desk.form.reporter.name}{desk.month - 1}月.xlsx"


def left_out(desk: Desk) -> None:
    desk.typed[desk.line.county, desk.line.indicator] = Entry()


@dataclass(frozen=True)
class Kind:
    """A kind of error: what it is called, what it does, which rows it can befall. `by_counties`: county forms."""

    name: str
    plant: Plant
    wanted: Wanted = grows
    by_counties: bool = True
    months: tuple[int, ...] = (3, 6, 9, 11)


KINDS = (
    Kind("the month typed under 累计", lambda d: d.put(total=d.value(MONTH))),
    Kind("the running total typed under 本月", lambda d: d.put(month=d.value(TOTAL))),
    Kind("本月 and 累计 exchanged", lambda d: d.put(month=d.value(TOTAL), total=d.value(MONTH))),
    Kind("both numbers ten thousand times too large", lambda d: by(d, TEN_THOUSAND)),
    Kind("元 for 万元", lambda d: by(d, TEN_THOUSAND), money),
    Kind("万人 for 人, with two decimals", lambda d: by(d, Decimal("0.0001"), 2), tens_of_thousands),
    Kind("万人 for 人, rounded to a whole number", lambda d: by(d, Decimal("0.0001")), tens_of_thousands),
    Kind("万户 for 户 in a level", lambda d: d.put(level=round(d.value(LEVEL) / TEN_THOUSAND)), a_level, False),
    Kind("two neighbouring digits of 累计 changed places", swapped),
    Kind("a tenth added to 累计 alone", lambda d: d.put(total=d.value(TOTAL) + d.value(TOTAL) // 10 + 1)),
    Kind("累计 below last month's", lambda d: d.put(total=(d.value(TOTAL) - d.value(MONTH)) // 2)),
    Kind(
        "the target copied into 累计, 本月 to match",
        lambda d: d.put(month=(d.line.target or 0) - (d.line.previous or 0), total=d.line.target), large,
    ),
    Kind("60 % of the target added in one month, both to match", lambda d: added(d, round((d.line.target or 0) * 6 / 10))),
    Kind("the same step of sixty and more, three months running", same_step, repeatable, months=(6, 9, 11)),
    Kind("last month's file under this month's label", last_month),
    Kind("next month's file under this month's label", next_month),
    Kind("a neighbour's file under one's own name", neighbours_file),
    Kind("three of a neighbour's totals, 本月 to match", neighbours_totals),
    Kind("another month in the file's name", other_name),
    Kind("the target altered", other_target),
    Kind("half a person", lambda d: d.put(total=d.value(TOTAL) + Decimal("0.5")), whole),
    Kind("约 before the number", lambda d: d.put(total=f"约{d.value(TOTAL)}")),
    Kind("无 for the number", lambda d: d.put(total="无")),
    Kind("a row left blank", left_out),
    Kind("a fraction for a percentage", lambda d: d.put(level=round(d.value(LEVEL) / 100, 4)), a_rate, False),
    Kind("numerator above denominator", lambda d: d.put(part=d.value(Measure.DENOMINATOR) + 1), a_share, False),
    Kind("a part above its whole (补贴性培训)", above_its_whole, subsidised, False),
    Kind("the city's own figure above its counties", above_the_counties, own_city_figure, False),
    Kind("a tenth added to the month, both to match", lambda d: added(d, d.value(MONTH) // 10 + 1)),
)  # fmt: skip
UNDETECTABLE = KINDS[-1].name  # agrees with itself, with last month and with the target
