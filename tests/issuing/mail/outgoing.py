"""An office with something to send: issued documents, contacts and a mail account, for tests and the bench."""

import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import polars as pl

from flows.files import sha256_of
from flows.office import Office
from flows.plan.frames import FigureSchema, polars_schema
from flows.plan.issued import DocumentName, Issued
from flows.plan.letter import LetterStatus
from flows.settings import ROOT, Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued_events
from tests.issuing.mail.post_office import PostOffice

AT = datetime(2025, 7, 8, 17, 30)
FIGURES_CSV = """period,county,indicator,unit,value,ytd,target,attainment_pct,pace_pct,gap_pp,rank,state,reported,expected
2025-06,city,urban_new_jobs,人,1500.0,8123.0,13500.0,60.17037,50.0,10.17037,,reported,9,9
2025-06,city,rural_labour_transferred,人,20000.0,190000.0,424000.0,44.81132,50.0,-5.18868,,partial,8,9
2025-06,city,startup_loans,万元,,,11000.0,,50.0,,,missing,0,9
2025-06,kailu,urban_new_jobs,人,90.0,523.0,1100.0,47.54545,50.0,-2.45455,7,reported,1,1
"""


def account(office: PostOffice, contacts: Path) -> Mapping[str, str]:
    """The environment of an office whose mail server this is."""
    return {
        "DIAODU_SMTP_HOST": "127.0.0.1",
        "DIAODU_SMTP_PORT": str(office.port),
        "DIAODU_SMTP_SECURITY": "plain",
        "DIAODU_SMTP_SENDER": "bangongshi@rsj.example",
        "DIAODU_CONTACTS": str(contacts),
    }


def own_contacts(folder: Path) -> Path:
    """A copy of the example, to be changed."""
    return Path(shutil.copy(ROOT / "plan" / "2025" / "contacts.example.toml", folder / "contacts.toml"))


def issue(
    settings: Settings,
    serial: int,
    document: str = "2025-06/monthly_dispatch",
    *,
    is_sample: bool = False,
    pages: bytes = b"",
) -> Issued:
    """Issue a document: its files where they belong, its row in the ledger. `pages` make the PDF larger."""
    name = DocumentName.parse(document)
    number = f"通人社发〔2025〕{serial}号"
    folder = settings.data / "issued" / "2025" / number
    folder.mkdir(parents=True)
    title = "关于2025年6月全市就业促进行动调度情况的通报"
    pdf = f"%PDF {number} {document}".encode() + pages
    (folder / f"{title}.pdf").write_bytes(pdf)
    (folder / f"{title}.xlsx").write_bytes(b"PK" + number.encode())
    (folder / "figures.csv").write_text(FIGURES_CSV, encoding="utf-8")
    issued = Issued(
        number=number, series="通人社发", year=2025, serial=serial, gap_note="试验编号", document=document, kind=name.kind,
        period=name.period, county=name.county, title=title, file_name=f"{title}.pdf", as_of=AT,
        issued_on=date(2025, 7, 8), issued_at=AT, draft_sha256="00" * 32, sha256=sha256_of(pdf), is_sample=is_sample,
    )  # fmt: skip
    none = pl.DataFrame(schema=polars_schema(FigureSchema))
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        warehouse.append(issued_events(issued, none))
    return issued


def by_unit(settings: Settings) -> dict[str, LetterStatus]:
    """The last letter to each unit."""
    return {one.letter.unit: one for one in Office(settings).letters()}


def states(settings: Settings) -> list[str]:
    """The state of every letter, in the order they were queued."""
    return [str(one.state) for one in Office(settings).letters()]
