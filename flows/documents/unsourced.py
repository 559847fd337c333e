"""What is left of a document when all that has a source is taken away (余数): rows not found, numbers nobody gave."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from flows.documents.document import Frames, Issue
from flows.documents.pdf.page_text import NUMERIC, Page
from flows.documents.printed_rows import Row
from flows.documents.printings import Printings, printings, units
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period

TAKEN = "\0"
BETWEEN = "\x1f"  # stands for the white space between two cells that both are numbers
_AROUND = 12
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DATE = re.compile(r"(?:\d{4}年)?\d+月\d+日(?:\d+时\d+分|\d\d:\d\d)?")
_PAIR = re.compile(r"(?<![\d.])\d+/\d+")
# Words of the program whose numbers are part of the wording; a changed digit is no longer among them.
WORDING = (
    "保留1位小数", "已过月数与12之比", "可能相差0.1", "相差不足1个计量单位", "注明报送数（如8/9）",
    "上升2位及以上", "下降2位及以上", "个百分点；带*的年度目标", "低1个百分点及以上的有", "得分保留2位小数", "多完成1个",
    "以已报地区为100%", "以已报地区合计为100%", "自3月起，全市报送齐全", "以全国2013年、2022年、2023年资料回测22次",
    # the months across a chart
    "1月3月6月9月12月", "1月6月12月", "".join(f"{month}月" for month in range(1, 13)),
)  # fmt: skip
# Numbers that count the parts of the document itself, and dates of the plan's own number.
_PARTS = re.compile(r"附件[1-4]|[表图]\d+(?!\d)|〔20\d\d〕\d*号?")

COUNTED = ("个", "项", "位", "条", "次", "天", "家")  # words after a number that may be a count of anything
WORDED = ("位小数", "位及以上", "个计量单位")  # but these belong to the wording above

_AXIS = re.compile(rf"(?<![\d.])0(?:{BETWEEN}\d+(?:\.\d+)?){{2,}}")

Unknown = tuple[int, str, str]


class Reading:
    """The words of a document run together, each character with its page, and which of them are accounted for."""

    def __init__(self, read: Sequence[Page]) -> None:
        kept = [(c, page.number, apart) for page in read for c, apart in _spaced(page)]
        self.text = [c for c, _, _ in kept]
        self.page = [number for _, number, _ in kept]
        as_set = [at for at, c in enumerate(self.text) if c != BETWEEN]
        # A sentence that goes on overleaf is cut by what stands apart: the red head, charts.
        flowing = [at for at in as_set if not kept[at][2]]
        self._orders = [(where, "".join(self.text[at] for at in where)) for where in (as_set, flowing)]

    def take(self, words: str) -> None:
        """Account for these words wherever they stand."""
        words = "".join(words.split())
        for where, text in self._orders:
            for place in _places(words, where, text):
                self._account(place)

    def take_once(self, words: str) -> bool:
        """Account for these words where they first stand free, else where part of them does; whether they do."""
        words = "".join(words.split())
        places = [place for where, text in self._orders for place in _places(words, where, text)]
        for is_free in (all, any):  # equal rows overlap one another: a whole one first
            for place in places:
                if is_free(self.text[n] != TAKEN for n in place):
                    self._account(place)
                    return True
        return False

    def _account(self, place: Sequence[int]) -> None:
        for n in place:
            self.text[n] = TAKEN

    def numbers(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str]]:
        """Every match in what is not accounted for yet, with what follows it."""
        rest = "".join(self.text)
        for match in pattern.finditer(rest):
            yield match, rest[match.end() : match.end() + _AROUND]

    def drop(self, match: re.Match[str]) -> None:
        """Account for a match."""
        self.text[match.start() : match.end()] = [TAKEN] * (match.end() - match.start())

    def drop_first(self, match: re.Match[str], count: int) -> None:
        """Account for the first so many characters of a match."""
        self.text[match.start() : match.start() + count] = [TAKEN] * count

    def around(self, match: re.Match[str]) -> str:
        """The words a number stands in."""
        near = self.text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
        return "".join(c for c in near if c not in (TAKEN, BETWEEN))


def left_over(
    read: Sequence[Page],
    rows: Sequence[Row],
    frames: Frames,
    catalogue: Catalogue,
    period: Period,
    issue: Issue,
) -> tuple[list[Row], list[Unknown]]:
    """The rows that are not there, and the numbers that no figure, date, count or wording accounts for."""
    reading = Reading(read)
    missing = [row for row in sorted(rows, key=lambda r: -len(r.text)) if not reading.take_once(row.text)]
    for words in sorted(set(_quoted(frames, catalogue)), key=len, reverse=True):
        reading.take(words)
    known = printings(frames, catalogue, issue)
    return missing, [*_dates(reading, known), *_unknown(reading, known, catalogue, period)]  # fmt: skip


def _places(words: str, where: Sequence[int], text: str) -> Iterator[Sequence[int]]:
    """Every place of these words in a text, by what stands where."""
    at = text.find(words) if words else -1
    while at >= 0:
        yield where[at : at + len(words)]
        at = text.find(words, at + 1)


def _spaced(page: Page) -> Iterator[tuple[str, bool]]:
    """The characters and whether they stand apart; without white space, but for a mark between two numbers that
    do not belong together."""
    before, gap = "", False
    for at, c in enumerate(page.text):
        if c.isspace():
            gap = True
            continue
        apart = at >= len(page.text) - page.apart
        if gap and before in NUMERIC and c in NUMERIC:
            yield BETWEEN, apart
        yield c, apart
        before, gap = c, False


def _quoted(frames: Frames, catalogue: Catalogue) -> Iterator[str]:
    """Words that stand as somebody wrote them, with the numbers in them: reporters', the plan's, the policy's."""
    plan, policy = catalogue.plan, catalogue.policy
    yield from WORDING
    yield from (plan.name, plan.document_number)
    yield from (f"第{t.number}项（{catalogue.name_of(t.lead)}）" for t in catalogue.tasks)
    yield from (limit.source for limit in policy.limits.values())
    yield from (curve.source for curve in policy.seasonal.values())
    columns = ((frames.statements, "text"), (frames.problems, "message"), (frames.problems, "remedy"))
    for frame, column in columns:
        yield from (word.strip().rstrip("。；") for word in frame[column].drop_nulls() if _has_number(word))
    titles = (
        *(t.title for t in catalogue.tasks),
        *(i.name for i in catalogue.indicators),
        *_names(catalogue),
    )
    yield from (title for title in titles if _has_number(title))


def _names(catalogue: Catalogue) -> Iterable[str]:
    return (reporter.name for reporter in catalogue.reporters)


def _has_number(words: str) -> bool:
    return any(c.isdigit() for c in words)


def _dates(reading: Reading, known: Printings) -> list[Unknown]:
    wrong = []
    for match, _ in reading.numbers(_DATE):
        if match[0] not in known.dates:
            wrong.append((reading.page[match.start()], match[0], reading.around(match)))
        reading.drop(match)
    return wrong


def _unknown(reading: Reading, known: Printings, catalogue: Catalogue, period: Period) -> list[Unknown]:
    for match, _ in reading.numbers(_PARTS):
        reading.drop(match)
    for match, _ in reading.numbers(_AXIS):
        reading.drop_first(match, _even_steps(match[0].split(BETWEEN)))
    wrong = []
    for pattern, accounted in ((_PAIR, _is_pair), (_NUMBER, _is_number)):
        for match, after in reading.numbers(pattern):
            if accounted(match[0], after, known, catalogue, period):
                reading.drop(match)
            elif pattern is _NUMBER:
                wrong.append((reading.page[match.start()], match[0], reading.around(match)))
    return wrong


def _even_steps(numbers: Sequence[str]) -> int:
    """How many characters the axis of a chart takes: 0, then even steps, at least two of them; else none."""
    step, at = Decimal(numbers[1]), 1
    while at < len(numbers) and Decimal(numbers[at]) == step * at:
        at += 1
    return len(BETWEEN.join(numbers[:at])) if at > 2 and step > 0 else 0


def _is_pair(text: str, _after: str, known: Printings, *_: object) -> bool:
    return text in known.pairs


def _is_number(text: str, after: str, known: Printings, catalogue: Catalogue, period: Period) -> bool:
    """Whether a number may stand before these words."""
    plain = text.lstrip("+-")
    for opening, allowed in (
        ("%", known.percents | known.own | {n.removesuffix("%") for n in known.amounts if n.endswith("%")}),
        ("个百分点", known.points | known.own),
        ("年", {str(period.year), str(catalogue.plan.year)}),
        ("月", _months(period, catalogue)),
    ):
        if after.startswith(opening):
            return plain in allowed
    return _is_quantity(plain, after, known, catalogue)


def _is_quantity(plain: str, after: str, known: Printings, catalogue: Catalogue) -> bool:
    """A quantity of the plan's units must be a figure's; a count, a number of the policy or a bare cell may be."""
    measured = [unit for unit in units(catalogue) if after.startswith(unit)]
    if any(f"{plain}{unit}" in known.amounts for unit in measured):
        return True
    if (measured and not after.startswith(COUNTED)) or after.startswith(WORDED):
        return False
    in_a_cell = after[:1] in ("", TAKEN, BETWEEN)
    return plain in known.counts or plain in known.own or (in_a_cell and plain in known.bare)


def _months(period: Period, catalogue: Catalogue) -> set[str]:
    """The months a document may name: from January to its own end and the one after, and the policy's."""
    months = {*range(1, period.last + 1), period.last % 12 + 1, catalogue.policy.marks.no_urging_before_month}
    return {str(month) for month in months}
