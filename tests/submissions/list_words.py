"""docs/evidence/reading.md: every word that the reader of workbooks understands. Run by hand after a change of the vocabulary:
`python -m tests.submissions.list_words`."""

from collections.abc import Iterator
from pathlib import Path

from flows.submissions.form.layout import LABELS, NAME_ENDINGS, SUMS_UP
from flows.submissions.reading.units import COUNTED, LAND, MONEY, MULTIPLIERS, RATES
from flows.submissions.reading.vocabulary import MARKS, WORDS, Meaning

DOCUMENT = Path(__file__).parents[2] / "docs" / "evidence" / "reading.md"
SAID = {
    Meaning.MONTH: "of the report's month (with 6月, 2025年6月)",
    Meaning.TOTAL: "from January until it (with 1-6月, 截至6月底, 上半年 in June)",
    Meaning.PREVIOUS: "the running total of the month before (with 1-5月, 截至5月底)",
    Meaning.CURRENT: "of this year (with 2025年)",
    Meaning.OTHER_TIME: "of another year or month: not read (with 2024年, 3月, 一季度)",
    Meaning.PLAN: "planned: not read as a figure, unless a word for done stands with it",
    Meaning.ACTUAL: "done",
    Meaning.DERIVED: "worked out from others: not read",
    Meaning.PART: "of a part: not read, compared with its whole",
    Meaning.WHOLE: "of all",
    Meaning.NEUTRAL: "changes nothing",
    Meaning.TOPIC: "what a table or a group of heads is about; beside an indicator's name it is left over",
}


def document() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What is understood on a sheet\n"
    yield "Written by `python -m tests.submissions.list_words`; a test holds it to the code.\n"
    yield (
        "A number is used only if every text that qualifies it was understood: all rows of its head, every bracket, its unit,\n"
        "the note, the title, the sheet's name, marks on its digits, strike-through, and whether it is shown. Each such text is\n"
        "read by a small grammar: names of the plan (indicators, counties, their further spellings in `spellings.csv`), dates,\n"
        "units, footnote marks and the words below. What is left over is asked about with its sheet and cell, and the numbers\n"
        "under it are held (数据待核). Of two columns that claim the same number, the one understood whole is read.\n"
    )
    yield "## Words\n"
    yield "| they say | words |\n|---|---|"
    for meaning, words in WORDS.items():
        yield f"| {SAID[meaning]} | {' '.join(words)} |"
    yield "\nAt the end of an indicator's name these do not matter: " + " ".join(NAME_ENDINGS) + "."
    yield "Rows and columns of sums: " + " ".join(sorted(SUMS_UP)) + ".\n"
    yield "## Labels of the form and their other spellings\n"
    yield "| label | also |\n|---|---|"
    for labels in LABELS.values():
        yield f"| {labels[0]} | {' '.join(dict.fromkeys(labels[1:]))} |"
    yield "\n## Units\n"
    yield f"A unit is one of {' '.join((*MONEY, *LAND, *RATES, *COUNTED))}, with any of {' '.join(MULTIPLIERS)} before it"
    yield "(仟, 佰, 萬, 億, 圆 likewise). It is looked for in this order: the row's name, the row's unit cell, the column's head,"
    yield "the note over or under the table. It is converted exactly and the receipt says so; money in a unit so coarse that"
    yield "its two decimals are not known, a unit that is not known, and a row and a column that differ hold the number.\n"
    yield "## Marks\n"
    yield f"On labels these are footnotes and do not matter: `{MARKS}` [1] 【1】 注1. On a number they hold it."
    yield "Raised and lowered digits are taken as ¹ and ₁ in .xlsx, .xls, .ods and web pages; a number of which any digit is"
    yield 'struck through is held; what a number format shows besides the number (`0.00"万元"`) belongs to it. Only full-width'
    yield "digits, letters, signs and blanks are folded. Hidden and filtered rows and columns are not read; the receipt names them."


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
