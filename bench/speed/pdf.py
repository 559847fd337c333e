"""The same bulletin as PDF: WeasyPrint as we use it and as one first would, Chromium, Typst, LibreOffice from .docx."""

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from bench.speed.measure import RIVALS, ROOT, WORK, Cost, cost_of, python, repeated
from bench.speed.page import s, table, times

PACKAGES = ("weasyprint", "typst", "chromium", "soffice", "python-docx")
FOLDER = WORK / "pdf"
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""
PDF_A3 = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"3"},"UseTaggedPDF":{"type":"boolean","value":"true"}}'
Once = Callable[[Path], Cost]


def measure(runs: int, full: bool) -> tuple[str, Mapping[str, float]]:
    """The two tables; no aim is set here."""
    del full
    given = _given()
    programs: dict[str, Once] = {
        "**WeasyPrint as we use it**": lambda out: _made("ours", out),
        "WeasyPrint as one first would": lambda out: _made("weasyprint", out),
        "headless Chromium, our HTML and style": _chromium,
        "Typst, the standard's page in its markup": lambda out: _made("typst", out),
        "LibreOffice from python-docx's .docx": _libreoffice,
    }
    costs, seen = {}, {}
    for n, (name, once) in enumerate(programs.items()):
        costs[name] = repeated(name, runs, lambda o=once, n=n: _again(o, FOLDER / f"{n}.pdf"))
        seen[name] = cost_of(
            python("bench.speed.pdf_seen", FOLDER, FOLDER / f"{n}.pdf", FOLDER / f"{n}-before.pdf")
        ).said
    return _told(given, costs, seen), {}


def _given() -> Mapping[str, float]:
    """An office with June's reports, and the bulletin's ingredients from it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    at = {"DIAODU_DATA": str(FOLDER / "office")}
    cost_of(python("bench.speed.month_office"), at)
    cost_of([sys.executable, "-m", "flows", "intake"], at)
    (FOLDER / "fonts.conf").write_text(FONTS.format(fonts=ROOT / "build" / "faces", cache=FOLDER / "cache"))
    given = cost_of(python("bench.speed.pdf_input", FOLDER), at).said
    html, style = ((FOLDER / name).read_text(encoding="utf-8") for name in ("bulletin.html", "style.css"))
    (FOLDER / "styled.html").write_text(
        html.replace("</head>", f"<style>{style}</style></head>"), encoding="utf-8"
    )
    return given


def _again(once: Once, out: Path) -> Cost:
    """Once more, the file before kept beside it to be compared."""
    if out.exists():
        out.replace(out.with_name(f"{out.stem}-before.pdf"))
    return once(out)


def _made(how: str, out: Path) -> Cost:
    return cost_of(python("bench.speed.pdf_made", how, FOLDER, out), {"PYTHONPATH": f"{ROOT}:{RIVALS}"})


def _chromium(out: Path) -> Cost:
    page = (FOLDER / "styled.html").as_uri()
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        "--allow-file-access-from-files",
    ]
    profile = f"--user-data-dir={FOLDER / 'chromium'}"
    return cost_of(["chromium", *options, profile, f"--print-to-pdf={out}", page], whole_tree=True)


def _libreoffice(out: Path) -> Cost:
    """python-docx writes, LibreOffice converts; the two together."""
    written = _made("docx", FOLDER / "bulletin.docx")
    profile = f"-env:UserInstallation=file://{FOLDER / 'profile'}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        PDF_A3,
        "--outdir",
        str(FOLDER),
        str(FOLDER / "bulletin.docx"),
    ]
    converted = cost_of(command, {"FONTCONFIG_FILE": str(FOLDER / "fonts.conf")}, whole_tree=True)
    (FOLDER / "bulletin.pdf").replace(out)
    return replace(converted, wall=written.wall - written.said["further"] + converted.wall,
                   processor=written.processor - written.said["further_processor"] + converted.processor)  # fmt: skip


def _told(
    given: Mapping[str, float], costs: Mapping[str, Cost], seen: Mapping[str, Mapping[str, float]]
) -> str:
    first = _alone(next(iter(costs.values())))
    rows = [
        (name, s(_alone(cost)), times(_alone(cost), first), _further(cost), s(_processor(cost)), f"{cost.peak_mb:.0f} MB",
         f"{seen[name]['kilobytes']:.0f} KB", seen[name]["pages"])
        for name, cost in costs.items()
    ]  # fmt: skip
    head = (
        "",
        "one document, start to end",
        "to ours",
        "each further one",
        "processor, one",
        "largest process",
        "size",
        "pages",
    )
    kept = [
        (
            name,
            _page(found),
            _yes(found["pdf_a"]),
            _yes(found["tagged"]),
            _yes(found["same"]),
            f"{100 * (1 - found['lacking']):.1f} %",
        )
        for name, found in seen.items()
    ]
    told = (
        "",
        "GB/T 9704 text area: left edge, line distance, characters a line",
        "PDF/A",
        "tagged",
        "same bytes twice",
        "words found",
    )
    words = f"{given['letters']:,} characters, {given['tables']} tables of {given['cells']:,} cells"
    return (
        f"{table(head, rows)}\n\n{table(told, kept)}\n\nThe bulletin is {words}. "
        "The standard asks for 28 mm, 10.45 mm and 28. Measured on the PDFs themselves, on the lines of body text of upright pages; "
        "whether words stand where the standard has them (head, page number, 版记) was not compared. Only ours carries its figures "
        "and manifest inside. Chromium and LibreOffice are started anew for each document."
    )


def _alone(cost: Cost) -> float:
    """The process without the second document that a child of ours makes."""
    return cost.wall - cost.said.get("further", 0.0)


def _processor(cost: Cost) -> float:
    return cost.processor - cost.said.get("further_processor", 0.0)


def _further(cost: Cost) -> str:
    return s(cost.said["further"]) if "further" in cost.said else "the same"


def _page(found: Mapping[str, float]) -> str:
    if not found["across"]:
        return "no lines of that size"
    return f"{_yes(found['standard'])}: {found['left']:.1f} mm, {found['pitch']:.2f} mm, {found['across']}"


def _yes(fact: object) -> str:
    return "yes" if fact else "no"
