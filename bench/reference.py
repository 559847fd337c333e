"""Write down a sample year's figures and document texts, and compare two such records.

`python -m bench.reference write FILE` makes the year 2025 from sample workbooks with the command line alone, in an
empty folder, and writes the figures of all 19 periods and the text of every PDF to FILE as JSON; `short` in place of
`write` makes the half-year alone, without the correction.
`python -m bench.reference compare BEFORE AFTER` prints what differs and exits with 1 where anything does.

A restructuring is checked by this: same commands, same figures, same words.
"""

import difflib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pypdfium2 as pdfium

ROOT = Path(__file__).parents[1]
YEAR = 2025
MONTHS = [f"{YEAR}-{month:02d}" for month in range(1, 13)]
QUARTERS = [f"{YEAR}-Q{quarter}" for quarter in range(1, 5)]
HALVES = [f"{YEAR}-H1", f"{YEAR}-H2"]
PERIODS = [*MONTHS, *QUARTERS, *HALVES, str(YEAR)]
CORRECTED = "科左后旗2025年5月月报.xlsx"
LOWERED_BY, REASON = 12, "经与社保数据比对，核减重复统计12人"
REVIEWER, SIGNER, TYPED = "审核人甲", "签发人乙", "Kouling-2025\n"
NOTICE_DAYS = {"2025-06": "2025-07-08", "2025-07": "2025-08-08", "2025-08": "2025-09-08"}


def run(data: Path, *arguments: str, fails: bool = False, typed: str = "") -> str:
    """Run one command on a data folder; its standard output. Exits with what it said where it fails. `typed` are the
    lines of its standard input: passwords."""
    began = time.monotonic()
    environment = os.environ | {"DIAODU_DATA": str(data), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "flows", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, input=typed,
    )  # fmt: skip
    print(f"{time.monotonic() - began:6.1f} s  {' '.join(arguments)[:90]}", flush=True)
    if done.returncode and not fails:
        sys.exit(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def run_as(data: Path, name: str, *arguments: str) -> None:
    """Run a command that an account carries out."""
    run(data, *arguments, "--account", name, "--password-stdin", typed=TYPED)


def make_year(data: Path) -> dict[str, object]:
    """Everything an office makes of a year: documents, notices up to the second urging, one correction; figures."""
    run(data, "sample", str(YEAR))
    for name, role in ((REVIEWER, "审核"), (SIGNER, "签发")):
        run(data, "account", "add", name, "--role", role, "--password-stdin", typed=TYPED)
    workbook = (data / "raw" / "inbox" / CORRECTED).read_bytes()
    run(data, "intake")
    run(data, "monthly", *MONTHS)
    run(data, "monthly", "2025-06", "--all-counties")
    run(data, "quarterly", *QUARTERS)
    run(data, "quarterly", "2025-Q2", "--county", "kailu")
    run(data, "half-year", *HALVES)
    run(data, "annual", str(YEAR))
    run(data, "annual", str(YEAR), "--county", "kailu")
    for month, day in NOTICE_DAYS.items():
        drafted = run(data, "notices", month, "--on", day)
        for number in re.findall(r"拟稿 .*?((?:提醒|催办|督办)〔\d{4}〕\d+)", drafted):
            run_as(data, REVIEWER, "notice", number, "--state", "approved")
            run_as(data, REVIEWER, "notice", number, "--state", "sent", "--on", day)
    figures = {period: json.loads(run(data, "figures", period)) for period in PERIODS}
    for name in (REVIEWER, SIGNER):
        run_as(data, name, "approve", "2025-05/monthly_dispatch")
    correct(data, workbook)
    figures |= {
        f"{period} corrected": json.loads(run(data, "figures", period)) for period in ("2025-05", "2025-06")
    }
    run(data, "correct", "2025-05")
    return figures


def make_half_year(data: Path) -> dict[str, object]:
    """The documents and figures of June, of the second quarter and of the half-year."""
    run(data, "sample", str(YEAR), "--months", "1-6")
    run(data, "intake")
    run(data, "monthly", "2025-06")
    run(data, "monthly", "2025-06", "--county", "kailu")
    run(data, "quarterly", "2025-Q2")
    run(data, "half-year", "2025-H1")
    run(data, "notices", "2025-06", "--on", "2025-07-08")
    return {period: json.loads(run(data, "figures", period)) for period in ("2025-06", "2025-Q2", "2025-H1")}


def correct(data: Path, workbook: bytes) -> None:
    """Take in May's report of one county again, its new urban jobs lowered."""
    path = data / "raw" / "inbox" / f"更正{CORRECTED}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook)
    book = openpyxl.load_workbook(path, data_only=True)  # saving drops what formulas came to
    sheet = book["月报"]
    head = next(
        row for row in sheet.iter_rows() if {"本月", "累计"} <= {str(c.value or "").strip() for c in row}
    )
    column = {str(cell.value).strip(): cell.column for cell in head if cell.value}
    row = next(row for row in sheet.iter_rows() if any(c.value == "城镇新增就业" for c in row))[0].row
    for name in ("本月", "累计"):
        cell = sheet.cell(row, column[name])
        if isinstance(cell.value, int | float):
            cell.value -= LOWERED_BY
    sheet.cell(row, column["原因说明"]).value = REASON
    book.save(path)
    (path.parent / f"{path.name}.received.json").write_text(
        json.dumps({"received_at": "2026-02-10T10:10:00"})
    )
    run(data, "intake")


def texts(data: Path) -> dict[str, list[str]]:
    """The text of every page of every PDF below `data/reports`, by its path; today's date is masked."""
    today = time.localtime()
    day = rf"{today.tm_mon}月\s*{today.tm_mday}日"
    is_today = re.compile(rf"{today.tm_year}年\s*{day}(?:\d+时\d+分)?|{day}\d\d:\d\d")
    found = {}
    for pdf in sorted((data / "reports").rglob("*.pdf")):
        document = pdfium.PdfDocument(pdf)
        pages = [page.get_textpage().get_text_bounded() for page in document]
        found[str(pdf.relative_to(data / "reports"))] = [is_today.sub("（今日）", page) for page in pages]
        document.close()
    return found


def differences(before: dict[str, object], after: dict[str, object]) -> Iterator[str]:
    """Every period and document that is not the same, with its lines."""
    for part in ("figures", "texts"):
        old, new = before[part], after[part]
        assert isinstance(old, dict)
        assert isinstance(new, dict)
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                yield f"== {part} {name}" + (
                    "" if name in old and name in new else ": only in one of the two"
                )
                yield from difflib.unified_diff(lines(old.get(name)), lines(new.get(name)), lineterm="", n=0)


def lines(value: object) -> list[str]:
    """A record as lines: a page's, or a row of figures each."""
    if not isinstance(value, list):
        return []
    return [
        line
        for entry in value
        for line in (entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)).splitlines()
    ]


def main(arguments: list[str]) -> int:
    """Run one of the two commands; see the module's docstring."""
    match arguments:
        case ["write" | "short" as extent, file]:
            with TemporaryDirectory() as folder:
                data = Path(folder)
                figures = make_year(data) if extent == "write" else make_half_year(data)
                record = {"figures": figures, "texts": texts(data)}
            Path(file).write_text(json.dumps(record, ensure_ascii=False, indent=0), encoding="utf-8")
            print(f"{len(record['figures'])} sets of figures, {len(record['texts'])} documents")
            return 0
        case ["compare", before, after]:
            found = list(differences(*(json.loads(Path(f).read_text("utf-8")) for f in (before, after))))
            print("\n".join(found) or "no difference")
            return int(bool(found))
        case _:
            sys.exit(str(__doc__))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
