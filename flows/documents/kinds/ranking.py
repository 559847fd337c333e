"""How the counties stand (各地进展): who leads, who is behind, and on what, by the rank and the mark."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flows.documents.figures import Figure, Figures
from flows.documents.filters import wording
from flows.documents.provenance import Count, count
from flows.documents.words import bare, one_decimal
from flows.plan.catalogue import Catalogue, County, Indicator
from flows.plan.terms import Mark

PLACES_NAMED = 3  # 前三位, 后三位
WORST_NAMED = 3  # of a county's red marks; the rest are counted
FURTHEST_NAMED = 1  # red marks that the first sentence names: with one it ends on page 1
MOVE_NAMED = 2  # the least change of rank that is put into words


@dataclass(frozen=True, slots=True)
class Placed:
    """A county beside one of its figures; `tie` says in words that it shares its rank, and why where that is not plain
    from the printed percentages."""

    county: County
    figure: Figure
    tie: str = ""

    @property
    def name(self) -> str:
        """The county's printed name."""
        return self.county.name


@dataclass(frozen=True, slots=True)
class Ranking:
    """An indicator's counties: the first and the last three places, who moved, who is not ranked and why."""

    indicator: Indicator
    ranked: Count
    first: tuple[Placed, ...]
    last: tuple[Placed, ...]
    risen: tuple[Placed, ...]
    fallen: tuple[Placed, ...]
    unranked: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class CountyRow:
    """A county with its figures of the annex indicators, in plan order; None where the annex gives it no target."""

    county: County
    figures: tuple[tuple[Indicator, Figure | None], ...]

    def marked(self, mark: str) -> tuple[tuple[Indicator, Figure], ...]:
        """Its figures that carry this mark."""
        return tuple((i, f) for i, f in self.figures if f is not None and f.mark == mark)

    def worst(self, mark: str) -> tuple[tuple[Indicator, Figure], ...]:
        """The first few of them, furthest behind the clock first."""
        return tuple(sorted(self.marked(mark), key=lambda item: item[1].gap_pp or 0.0)[:WORST_NAMED])

    @property
    def expected(self) -> list[Indicator]:
        """The annex indicators it has a target for."""
        return [i for i, f in self.figures if f is not None]

    @property
    def unmarked(self) -> list[Indicator]:
        """Those of them that carry no mark, being unknown."""
        return [i for i, f in self.figures if f is not None and f.mark is None]

    @property
    def all_on_pace(self) -> bool:
        """Whether every figure is known and none is behind the clock."""
        return bool(self.figures) and all(f is not None and f.pace == "ahead" for _, f in self.figures)


@dataclass(frozen=True, slots=True)
class CountyRanking:
    """Section 二: the rankings of the annex indicators and the counties' rows."""

    rankings: tuple[Ranking, ...]
    rows: tuple[CountyRow, ...]

    @property
    def headline(self) -> tuple[Ranking, ...]:
        """The rankings put into words: the indicators of the plan's overall goals."""
        return tuple(r for r in self.rankings if r.indicator.task == 0)

    @property
    def expected(self) -> Count:
        """How many county figures there are."""
        return count(i for row in self.rows for i in row.expected)

    @property
    def unmarked(self) -> Count:
        """How many of them carry no mark, being unknown."""
        return count(i for row in self.rows for i in row.unmarked)

    def count(self, mark: str) -> Count:
        """How many county figures carry this mark."""
        return count(marked for row in self.rows for marked in row.marked(mark))

    @property
    def on_pace(self) -> tuple[str, ...]:
        """Counties of which everything is known and nothing behind."""
        return tuple(row.county.name for row in self.rows if row.all_on_pace)

    @property
    def red(self) -> tuple[CountyRow, ...]:
        """Counties with a red mark, those with most first, then in annex order."""
        return self._with(Mark.RED)

    @property
    def yellow(self) -> tuple[CountyRow, ...]:
        """Counties with a yellow mark, likewise."""
        return self._with(Mark.YELLOW)

    @property
    def marked_behind(self) -> tuple[CountyRow, ...]:
        """Counties with a yellow or a red mark, in annex order."""
        return tuple(row for row in self.rows if row.marked(Mark.YELLOW) or row.marked(Mark.RED))

    @property
    def most_red(self) -> CountyRow | None:
        """The county that alone has most red marks, at least two, where others have some too."""
        first, *others = self.red or (None,)
        if first is None or not others or len(first.marked(Mark.RED)) == len(others[0].marked(Mark.RED)):
            return None
        return first

    @property
    def furthest_behind(self) -> list[tuple[CountyRow, Indicator]]:
        """The red marks furthest behind the clock, the furthest first; at most FURTHEST_NAMED."""
        red = [(row, i, f.gap_pp or 0.0) for row in self.red for i, f in row.marked(Mark.RED)]
        return [(row, i) for row, i, _ in sorted(red, key=lambda one: one[2])[:FURTHEST_NAMED]]

    def grouped(self, mark: str) -> tuple[tuple[tuple[str, ...], Count], ...]:
        """Names of the counties with as many marks of this kind, and how many each has; those with most first."""
        by_number = groupby(self._with(mark), key=lambda row: len(row.marked(mark)))
        groups = (tuple(rows) for _, rows in by_number)
        return tuple((tuple(r.county.name for r in rows), count(rows[0].marked(mark))) for rows in groups)

    def _with(self, mark: str) -> tuple[CountyRow, ...]:
        return tuple(sorted((r for r in self.rows if r.marked(mark)), key=lambda r: -len(r.marked(mark))))


def county_ranking(figures: Figures, catalogue: Catalogue) -> CountyRanking:
    """Everything section 二 says, from the figures alone."""
    annex = catalogue.annex_indicators
    by_key = {(f.county, f.indicator): f for i in annex for f in figures.counties(i.id)}
    rows = (CountyRow(c, tuple((i, by_key.get((c.id, i.id))) for i in annex)) for c in catalogue.counties)
    return CountyRanking(tuple(_ranking(i, figures, catalogue) for i in annex), tuple(rows))


def _best_first(placed: Placed) -> tuple[int, float]:
    return placed.figure.rank or 0, -(placed.figure.attainment_pct or 0.0)


def with_ties(ranked: Sequence[Placed]) -> list[Placed]:
    """并列 beside everyone who shares a rank; the last of those whose percentages differ as printed says why they tie."""
    result = []
    for _, group in groupby(ranked, key=lambda placed: placed.figure.rank):
        *others, last = group
        if not others:
            result.append(last)
            continue
        shown = {one_decimal(placed.figure.attainment_pct or 0.0) for placed in (*others, last)}
        why = f"，差距{wording('折合不足1')}{bare(last.figure.unit)}" if len(shown) > 1 else ""
        result += [replace(placed, tie="，并列") for placed in others]
        result.append(replace(last, tie=f"，并列{why}"))
    return result


def _ranking(indicator: Indicator, figures: Figures, catalogue: Catalogue) -> Ranking:
    counties = {c.id: c for c in catalogue.counties}
    placed = [Placed(counties[f.county], f) for f in figures.counties(indicator.id)]
    ranked = with_ties(sorted((p for p in placed if p.figure.rank is not None), key=_best_first))
    last_from = len(ranked) - PLACES_NAMED

    def those(condition: Callable[[Figure], bool]) -> tuple[Placed, ...]:
        return tuple(p for p in ranked if condition(p.figure))

    return Ranking(
        indicator=indicator,
        ranked=count(ranked),
        first=those(lambda f: (f.rank or 0) <= PLACES_NAMED),
        last=those(lambda f: (f.rank or 0) > max(last_from, PLACES_NAMED)),
        risen=those(lambda f: (f.rank_change or 0) >= MOVE_NAMED),
        fallen=those(lambda f: (f.rank_change or 0) <= -MOVE_NAMED),
        unranked=tuple(p for p in placed if p.figure.rank is None),
    )
