"""Exact arithmetic for everything that is printed: whole hundredths in, one division out.

No unit of a plan carries more than two decimals, so every reported number is a whole number of hundredths. A figure is
the quotient of two whole numbers below 2**53, which a processor rounds correctly: the result is the double nearest to
the true value, and its shortest decimal form (`Decimal(str(value))`, by which documents round) is the true value
wherever that has an end. So 900 − 841.02 is 58.98 and not 58.98000000000002 in a ceiling, and −5 is −5 at a threshold.
"""

from decimal import Decimal
from fractions import Fraction

import polars as pl

ONE = 100  # hundredths in one unit


def hundredths(number: str | pl.Expr) -> pl.Expr:
    """A column of numbers as whole hundredths (Int64); null stays null."""
    column = pl.col(number) if isinstance(number, str) else number
    return (column * ONE).round().cast(pl.Int64)


def quotient(numerator: pl.Expr, denominator: pl.Expr | int) -> pl.Expr:
    """Numerator ÷ denominator of whole numbers, each result the double nearest to the true value; null stays null.

    Polars divides by a constant through its reciprocal, which rounds twice, so a constant becomes a column first.
    """
    return numerator / (numerator * 0 + denominator if isinstance(denominator, int) else denominator)


def in_units(whole: pl.Expr) -> pl.Expr:
    """Whole hundredths as a number in the unit (Float64)."""
    return quotient(whole, ONE)


def fraction(number: float) -> Fraction:
    """The number as it is written, not as binary stores it: 0.1 is a tenth."""
    return Fraction(Decimal(str(number)))


def share_pct(part: float, whole: float) -> float:
    """A part in % of the whole, the double nearest to the true quotient; ZeroDivisionError where the whole is 0."""
    return float(fraction(part) * 100 / fraction(whole))


def change_pct(now: float, then: float) -> float:
    """同比增长率 in per cent; the double nearest to the true quotient. `then` is above zero."""
    return float((fraction(now) - fraction(then)) * 100 / fraction(then))


def monthly_average(ytd: float, months: int) -> float:
    """今年以来月均: the running total over the months gone, in the unit; the double nearest to the true quotient."""
    return float(fraction(ytd) / months)
