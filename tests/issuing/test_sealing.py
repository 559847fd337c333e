"""A sealed copy is accepted where it is the issued document and a seal, and goes out from then on; a forged one is refused."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from flows.documents.pdf.page_text import pages
from flows.documents.pdf.seal import SealError, check_sealed
from flows.files import sha256_of
from flows.issuing.yearly_archive import ArchiveFileError, NothingToArchiveError
from flows.office import Office
from flows.operations.content import damaged_files
from flows.plan.issued import Decision, NotIssuedError
from flows.plan.letter import LetterState
from flows.settings import Settings
from tests.conftest import NOW
from tests.issuing import seals
from tests.staff import actor


@pytest.fixture(scope="module")
def issued_report(half_year: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one county's report issued and its letters waiting."""
    folder = tmp_path_factory.mktemp("sealed") / "data"
    shutil.copytree(half_year, folder)
    contacts = Path(__file__).parents[2] / "plan" / "2025" / "contacts.example.toml"
    shutil.copy(contacts, folder / "contacts.toml")
    office = Office(Settings(data=folder), lambda: NOW)
    office.make("monthly_dispatch", "2025-06", county="kailu")
    status = office.approval_status("2025-06/monthly_dispatch-kailu")
    for name in ("审核岗", "签发岗"):
        if status.waits_for:
            status = office.decide(status, Decision.APPROVED, actor(office.settings, name))
    office.issue("2025-06/monthly_dispatch-kailu")
    return folder


@pytest.fixture
def office(issued_report: Path, tmp_path: Path) -> Office:
    shutil.copytree(issued_report, tmp_path / "data")
    return Office(Settings(data=tmp_path / "data"), lambda: datetime(2025, 7, 21, 9, 0))


def issued_pdf(office: Office) -> bytes:
    (entry,) = office.issued()
    return (office.settings.data / entry.folder / entry.file_name).read_bytes()


def test_the_sealed_copy_is_entered_and_goes_out_in_place_of_the_pdf(office: Office) -> None:
    (entry,), pdf = office.issued(), issued_pdf(office)
    before = [one for one in office.letters() if one.state is LetterState.QUEUED]
    sealed = seals.stamped(pdf)
    result, letters = office.seal(entry.number, sealed, actor(office.settings, "经办岗"))
    assert result.copy.issued_sha256 == entry.sha256 != result.copy.sha256
    assert (office.settings.data / result.copy.place).read_bytes() == sealed
    assert issued_pdf(office) == pdf
    assert len(letters) == len(before) > 0
    waiting = [one.letter for one in office.letters() if one.state is LetterState.QUEUED]
    assert {one.attachments[0][1] for one in waiting} == {result.copy.sha256}
    assert [one.reply for one in office.letters() if one.state is LetterState.DROPPED] == [
        "改发盖章件"
    ] * len(before)
    assert result.lines(len(letters))[0].startswith(f"已登记 {entry.number} 的盖章件")
    assert list(damaged_files(office.settings)) == []
    (office.settings.data / result.copy.place).write_bytes(pdf)
    assert [one.name for one in damaged_files(office.settings)] == [result.copy.place]


def test_the_same_copy_is_entered_once_and_another_takes_its_place(office: Office) -> None:
    (entry,), pdf, by = office.issued(), issued_pdf(office), actor(office.settings, "经办岗")
    sealed = seals.stamped(pdf)
    first, _ = office.seal(entry.number, sealed, by)
    again, letters = office.seal(entry.number, sealed, by)
    assert (first.is_known, again.is_known, letters) == (False, True, [])
    assert again.lines(0) == [f"{entry.number} 的这份盖章件已于 2025-07-21 09:00 登记过"]
    other, letters = office.seal("通人社函[2025]1号", seals.stamped(pdf, 1, 60), by)
    assert other.copy.sha256 != first.copy.sha256 and letters
    with office.warehouse() as warehouse:
        assert len(warehouse.select("sealed_copies")) == 2 and warehouse.faults() == []


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        (lambda pdf: pdf, "没有找到印章"),
        (lambda pdf: seals.with_digit_changed(seals.stamped(pdf)), "第 1 页的文字与印发件不同：印发件为“"),
        (lambda pdf: seals.without_page(seals.stamped(pdf), 1), "页，这个文件有"),
        (
            lambda pdf: seals.blotted(seals.stamped(pdf), seals.BLACK),
            "第 1 页的画面与印发件不同，而且不是红色印章",
        ),
        (
            lambda pdf: seals.blotted(seals.stamped(pdf), seals.WHITE, 50, 120),
            "第 1 页的画面与印发件不同，而且不是红色印章",
        ),
        (lambda pdf: seals.stamped(pdf, 1, 30, 60, 120), "不是一枚印章（不超过 65 毫米）"),
        (lambda pdf: seals.stamped(pdf, 1, 30, 60, 8), "不是印章"),
        (lambda _pdf: b"%PDF-1.7 nothing", "不是 PDF，或者已损坏"),
    ],
    ids=["no seal", "a digit", "a page", "a blot", "painted over", "a large red", "a red dot", "no PDF"],
)
def test_a_forged_copy_is_refused_with_what_differs(
    office: Office, forge: Callable[[bytes], bytes], why: str
) -> None:
    (entry,) = office.issued()
    with pytest.raises(SealError, match=rf"这不是 {entry.number} 盖章后的文件，没有登记：.*{why}"):
        office.seal(entry.number, forge(issued_pdf(office)), actor(office.settings, "经办岗"))
    assert not (office.settings.data / entry.folder / "sealed").exists()
    assert {one.state for one in office.letters()} == {LetterState.QUEUED}


def test_another_document_sealed_is_refused_and_so_is_a_number_never_given(office: Office) -> None:
    (entry,) = office.issued()
    draft = office.make("monthly_dispatch", "2025-05", county="kailu").pdfs
    other = seals.stamped(next(iter(draft.values())).read_bytes())
    with pytest.raises(SealError, match="没有登记"):
        office.seal(entry.number, other, actor(office.settings, "经办岗"))
    with pytest.raises(NotIssuedError, match="没有印发过通人社发〔2025〕99号"):
        office.seal("通人社发〔2025〕99号", other, actor(office.settings, "经办岗"))


def test_signatures_are_shown_and_not_judged(office: Office) -> None:
    pdf = issued_pdf(office)
    check = check_sealed(pdf, seals.signed(pdf, "通辽市人力资源和社会保障局"))
    (signature,) = check.signatures
    assert str(signature) == "通辽市人力资源和社会保障局（ETSI.CAdES.detached，2025-07-09 09:30）"
    (signature,) = check_sealed(pdf, seals.stamped(seals.signed(pdf, "甲"))).signatures
    assert not signature.is_whole and str(signature).endswith("其后文件又有增补）")


def test_a_year_is_archived_with_its_list_and_the_same_bytes_again(office: Office, tmp_path: Path) -> None:
    (entry,), pdf = office.issued(), issued_pdf(office)
    with pytest.raises(NothingToArchiveError, match="2025年没有印发过要归档的文件；示例数据的 1 份不归档"):
        office.archive(2025)
    office.seal(entry.number, seals.stamped(pdf), actor(office.settings, "经办岗"))
    folder, (row,) = office.archive(2025, samples=True)
    assert row["题名"] == entry.title and row["文号"] == entry.number and row["日期"] == "20250720"
    assert (row["页数"], row["保管期限"], row["密级"], row["盖章"]) == (
        str(len(pages(pdf))),
        "10年",
        "",
        "已盖章",
    )
    assert (
        (folder / "归档文件目录.csv")
        .read_bytes()
        .startswith(b"\xef\xbb\xbf" + "序号,题名,文号,责任者,日期".encode())
    )
    sums = (folder / "sha256sums").read_text("utf-8").splitlines()
    for digest, _, name in (line.partition("  ") for line in sums):
        assert sha256_of((folder / name).read_bytes()) == digest
    assert sum(name.endswith("（盖章）.pdf") for name in sums) == 1
    again, _ = office.archive(2025, tmp_path / "again", samples=True)
    for path in folder.rglob("*"):
        assert path.is_dir() or (again / path.relative_to(folder)).read_bytes() == path.read_bytes()
    (office.settings.data / entry.folder / entry.file_name).write_bytes(b"other")
    with pytest.raises(ArchiveFileError, match="没有归档"):
        office.archive(2025, tmp_path / "third", samples=True)
