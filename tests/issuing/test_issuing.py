"""From draft to issued document: who may pass what, which number it gets, and that what was signed goes out."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import polars as pl
import pypdfium2 as pdfium
import pytest

from flows.accounts.accounts import AccountError
from flows.documents.composing import compose
from flows.documents.publishing import draft_folder, publish
from flows.issuing.approval import ApprovalError, ApprovalStatus
from flows.office import Office
from flows.plan.issued import Decision, DocumentName, Issued, Step, UnknownDocumentError
from flows.settings import ROOT, Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import approvals, carried_by, issued
from tests.staff import actor

MAY = "2025-05/monthly_dispatch"
AT = datetime(2025, 6, 9, 15, 0)
KAILU = "2025-05/monthly_dispatch-kailu"


def drafted(office: Settings, county: str | None = None) -> ApprovalStatus:
    """May as the data stood on 6 June, laid down where a draft lies."""
    evidence = Office(office).gather("2025-05", datetime(2025, 6, 6, 18, 0))
    document = compose("monthly_dispatch", evidence, Office(office).typesetter, county)
    publish(document, draft_folder(office.reports, "2025-05", "monthly_dispatch", county=county))
    return Office(office).approval_status(MAY if county is None else KAILU)


def passed(office: Settings, found: ApprovalStatus) -> ApprovalStatus:
    for by in ("审核岗", "签发岗"):
        if found.waits_for:
            found = Office(office, lambda: AT).decide(found, Decision.APPROVED, actor(office, by))
    return found


def issued_by(
    office: Settings, found: ApprovalStatus, serial: int | None = None, gap_note: str = ""
) -> Issued:
    return Office(office, lambda: AT).issue(str(found.draft.name), serial, gap_note)[0]


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pdfium.PdfDocument(pdf))


def ledger(office: Settings) -> tuple[Issued, ...]:
    with Warehouse(office.warehouse, office.journal) as warehouse:
        assert warehouse.faults() == []
        return issued(warehouse)


@pytest.mark.usefixtures("fresh_layout")
def test_a_draft_goes_through_both_steps_by_two_people_and_out_with_number_date_and_figures(
    office: Settings,
) -> None:
    found = drafted(office)
    assert [(str(w.draft.name), w.waits_for) for w in Office(office).waiting()] == [(MAY, Step.REVIEW)]
    found = Office(office, lambda: AT).decide(found, Decision.APPROVED, actor(office, "审核签发岗"))
    assert found.waits_for is Step.SIGN
    with pytest.raises(ApprovalError, match="审核已由审核签发岗办理，签发须"):
        Office(office, lambda: AT).decide(found, Decision.APPROVED, actor(office, "审核签发岗"))
    with pytest.raises(ApprovalError, match="还没有签发，不能印发"):
        issued_by(office, found)
    entry = issued_by(
        office, Office(office, lambda: AT).decide(found, Decision.APPROVED, actor(office, "签发岗"))
    )
    assert (entry.number, str(entry.issued_on)) == ("通人社发〔2025〕1号", "2025-06-09")
    pdf = office.data / entry.folder / entry.file_name
    words = text_of(pdf.read_bytes())
    assert "通人社发〔2025〕1号" in words and "2025年6月9日印发" in words
    assert "草稿" not in words and "草稿" in text_of(found.draft.pdf.read_bytes())
    with Warehouse(office.warehouse, office.journal) as warehouse:
        carried = carried_by(warehouse, entry.number)
    own = pl.read_csv(pdf.with_name("figures.csv"))
    assert len(carried) == len(own)
    assert (
        carried.filter(county="kailu", indicator="urban_new_jobs")["ytd"].item() == 335
    )  # as in the sample's May
    assert Office(office).waiting() == []
    assert Office(office).remake(entry).is_equal
    with pytest.raises(ApprovalError, match="已于2025-06-09以通人社发〔2025〕1号印发"):
        Office(office).approval_status(MAY)
    laid_down_again(office, entry, pdf)


def laid_down_again(office: Settings, entry: Issued, pdf: Path) -> None:
    """As if killed between ledger and folder: the files are made again."""
    pdf.with_name("manifest.json").unlink()
    pdf.unlink()
    assert Office(office).write_missing_files() == [entry]
    assert json.loads(pdf.with_name("manifest.json").read_text("utf-8"))["number"] == 1


def test_a_draft_changed_after_it_was_passed_is_passed_by_nobody(office: Settings) -> None:
    found = passed(office, drafted(office, "kailu"))
    assert found.waits_for is None
    later = compose(
        "monthly_dispatch",
        Office(office).gather("2025-05", datetime(2025, 7, 2, 18, 0)),
        Office(office).typesetter,
        "kailu",
    )
    publish(
        later, draft_folder(office.reports, "2025-05", "monthly_dispatch", county="kailu")
    )  # a data cut of another day
    assert Office(office).approval_status(KAILU).waits_for is Step.REVIEW
    found.draft.pdf.write_bytes(found.draft.pdf.read_bytes() + b"\n")
    with pytest.raises(ApprovalError, match="与制作记录不符，可能被改动过"):
        Office(office).approval_status(KAILU)
    assert ledger(office) == ()


def test_what_would_be_made_otherwise_today_is_not_issued(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan is edited between the signature and the issue."""
    found = passed(office, drafted(office, "kailu"))
    plan = shutil.copytree(ROOT / "plan" / "2025", tmp_path / "plan")
    with (plan / "policy.toml").open("a", encoding="utf-8") as policy:
        policy.write("\n# 改过\n")
    monkeypatch.setenv("DIAODU_PLAN", str(plan))
    office = Settings()
    with pytest.raises(ApprovalError, match="由原数据重新生成的文件与送审稿不同"):
        issued_by(office, found)
    assert ledger(office) == ()


def test_nobody_passes_the_same_draft_twice_and_a_return_needs_its_reason(office: Settings) -> None:
    found = drafted(office, "kailu")  # feedback is reviewed only
    with pytest.raises(AccountError, match="账号“签发岗”（签发）不能办理审核：须有角色审核"):
        Office(office, lambda: AT).decide(found, Decision.APPROVED, actor(office, "签发岗"))
    with pytest.raises(ApprovalError, match="退回要写明原因"):
        Office(office, lambda: AT).decide(found, Decision.RETURNED, actor(office, "审核岗"))
    returned = Office(office, lambda: AT).decide(
        found, Decision.RETURNED, actor(office, "审核岗"), "位次一段请再核对"
    )
    assert returned.returned and returned.returned.note == "位次一段请再核对"
    found = Office(office, lambda: AT).decide(returned, Decision.APPROVED, actor(office, "审核岗"))
    entry = issued_by(office, found)
    assert (entry.number, entry.county) == ("通人社函〔2025〕1号", "kailu")
    with Warehouse(office.warehouse, office.journal) as warehouse:
        assert [a.decision for a in approvals(warehouse, KAILU)] == [Decision.RETURNED, Decision.APPROVED]


def test_a_number_is_never_given_twice_and_a_skipped_one_is_explained(office: Settings) -> None:
    found = passed(office, drafted(office, "kailu"))
    with pytest.raises(ApprovalError, match="编号跳过了1至6，要写明原因"):
        issued_by(office, found, serial=7)
    first = issued_by(office, found, serial=7, gap_note="1至6号为局内其他公函")
    assert (first.number, first.gap_note) == ("通人社函〔2025〕7号", "1至6号为局内其他公函")
    document = compose(
        "monthly_dispatch",
        Office(office).gather("2025-05", datetime(2025, 6, 6, 18)),
        Office(office).typesetter,
        "hure",
    )
    publish(document, draft_folder(office.reports, "2025-05", "monthly_dispatch", county="hure"))
    other = passed(office, Office(office).approval_status("2025-05/monthly_dispatch-hure"))
    for used, why in ((7, "已经用过，下一个是8"), (3, "已经跳过，下一个是8")):
        with pytest.raises(ApprovalError, match=why):
            issued_by(office, other, serial=used)
    assert issued_by(office, other).number == "通人社函〔2025〕8号"
    assert [d.serial for d in ledger(office)] == [7, 8]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (MAY, DocumentName("2025-05", "monthly_dispatch")),
        (
            "data/reports/2025-H1/half_year_summary-kailu/",
            DocumentName("2025-H1", "half_year_summary", "kailu"),
        ),
        ("2025-06/notices/提醒〔2025〕3-kailu", DocumentName("2025-06", "notice", "kailu", "提醒〔2025〕3")),
        ("2025-06/correction_2", DocumentName.correction("2025-06", 2)),
    ],
)
def test_a_document_is_called_by_its_folder(written: str, name: DocumentName) -> None:
    assert DocumentName.parse(written) == name
    assert DocumentName.parse(str(name)) == name


@pytest.mark.parametrize(
    "written", ["六月通报", "2025-06/monthly_dispatch@20250709T163000", "../etc", "2025-06/../x"]
)
def test_what_is_no_document_is_refused_with_how_to_name_one(written: str) -> None:
    with pytest.raises(UnknownDocumentError, match="文件的名称是 data/reports 下的文件夹"):
        DocumentName.parse(written)


def test_a_document_that_was_never_made_is_unknown(office: Settings) -> None:
    with pytest.raises(UnknownDocumentError):
        Office(office).approval_status("2025-04/monthly_dispatch")
    assert not Path(office.data / "issued").exists()
