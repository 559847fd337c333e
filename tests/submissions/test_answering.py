"""From a query to its answer: by the next workbook, by letter or telephone, and what documents say before and after."""

import shutil
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from flows.__main__ import cli
from flows.documents.evidence import data_cut
from flows.office import Office
from flows.plan.load import plan_of
from flows.plan.observation import Question
from flows.plan.period import Period
from flows.settings import Settings
from flows.submissions.ingest import ReportResult
from flows.warehouse.connection import Warehouse
from flows.warehouse.questions import LONG_AFTER, open_questions
from flows.warehouse.stored_files import stored_files
from tests.staff import TYPED, actor, typed
from tests.submissions.conftest import with_totals_typed

AUGUST = datetime(2025, 8, 4, 10, 0)
REASON = "市场监管部门分批移交登记名单"


def waiting(settings: Settings, as_of: datetime = LONG_AFTER) -> tuple[Question, ...]:
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        return open_questions(warehouse, "2025-01", "2025-12", as_of)


def cut(settings: Settings) -> datetime:
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        return data_cut(warehouse, Period.parse("2025-06"))


def say(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["answer", *arguments, *typed()], input=TYPED)


@pytest.fixture
def question(office: Settings) -> Question:
    """The first query that the sample's half-year leaves open."""
    return waiting(office)[0]


def july(office: Settings, question: Question, reason: str) -> ReportResult:
    """The reporter's July: his new form with a sentence, the reason beside the question, taken in."""
    catalogue = plan_of(office, 2025)
    folder = office.data / "july"
    Office(office).forms(Period.parse("2025-07"), folder)
    path = folder / f"{catalogue.name_of(question.reporter)}2025年7月月报.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["待核实事项"]
    (row,) = [cell.row for cell in sheet["A"] if cell.value == question.number]
    sheet.cell(row, 5).value = reason
    report = book["月报"]
    (row,) = [cell.row for cell in report["A"] if cell.value == "进展情况"]
    report.cell(row, 3).value = "组织专场招聘。"
    office.inbox.mkdir(parents=True, exist_ok=True)
    book.save(office.inbox / path.name)
    (received,) = Office(office, lambda: AUGUST).ingest()
    return received


def test_a_reason_in_the_next_report_closes_the_query(office: Settings, question: Question) -> None:
    received = july(office, question, REASON)
    assert question not in waiting(office)
    assert question in waiting(office, datetime(2025, 8, 4, 9, 59))  # a minute before it came
    assert f"已登记 1 项：\n　· {question.number}：{REASON}\n" in received.receipt


def test_an_assurance_in_the_next_report_leaves_it_open_and_is_marked(
    office: Settings, question: Question
) -> None:
    received = july(office, question, "核实无误")
    assert question in waiting(office)
    assert "没有采用的说明（原来的事项仍列为待核实），共 1 项：" in received.receipt
    (back,) = (office.receipts / "2025-07").glob("*.xlsx")
    assert "说明未采用" in openpyxl.load_workbook(back)["待核实事项"]["E4"].comment.text


def test_the_same_report_again_gives_the_same_answer_once_more_without_harm(
    office: Settings, question: Question
) -> None:
    july(office, question, REASON)
    again = july_again(office)
    assert again.status == "accepted"
    assert question not in waiting(office)


def july_again(office: Settings) -> ReportResult:
    """July saved once more by another hand at the same moment: other bytes, the same reason."""
    (kept,) = (office.raw / "2025-07").glob("*.xlsx")
    book = openpyxl.load_workbook(kept)
    book.properties.title = "另存"
    book.save(office.inbox / "再报.xlsx")
    (received,) = Office(office, lambda: AUGUST).ingest()
    return received


def test_a_reason_by_letter_closes_the_query_and_moves_the_data_cut(
    office: Settings, question: Question
) -> None:
    before = cut(office)
    figures = Office(office).figures(Period.parse("2025-06"), before, "csv")
    Office(office, lambda: AUGUST).answer(question.number, REASON, actor(office), "就业股")
    assert question not in waiting(office)
    assert cut(office) == AUGUST > before
    assert question in waiting(office, before)
    assert Office(office).figures(Period.parse("2025-06"), before, "csv") == figures  # as it was


def test_who_answered_is_kept_and_survives_a_lost_table(office: Settings, question: Question) -> None:
    Office(office, lambda: AUGUST).answer(question.number, REASON, actor(office), "就业股")
    assert '"answered_by":"就业股"' in office.journal.read_text("utf-8")


def test_without_a_name_the_reporter_answered(office: Settings, question: Question) -> None:
    Office(office, lambda: AUGUST).answer(question.number, REASON, actor(office), "")
    name = plan_of(office).name_of(question.reporter)
    assert f'"answered_by":"{name}"' in office.journal.read_text("utf-8")


def test_without_arguments_the_open_queries_are_listed(office: Settings) -> None:
    done = say()
    assert done.exit_code == 0
    found = waiting(office)
    assert done.output.startswith(f"2025年待核实事项 {len(found)} 项\n")
    assert all(f"{q.number}  " in done.output and q.description in done.output for q in found)


def test_an_answer_is_confirmed_with_its_question(office: Settings, question: Question) -> None:
    done = say(question.number, REASON, "--by", "就业股")
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"已登记说明：\n{question.number}  ")
    assert done.output.endswith(f"    说明：{REASON}\n")


@pytest.mark.parametrize(
    ("reason", "by", "says"),
    [
        ("核实无误", "", "没有说出原因"),
        ("已核实，数据无误。", "", "没有说出原因"),
        ("请联系 13812345678 核对原因", "", "说明里有身份证号或电话号码"),
        ("名单上 150523199001011234 重复统计", "", "说明里有身份证号或电话号码"),
        (REASON, "甲某 0475-8231234", "--by 只写单位或科室"),
    ],
)
def test_what_is_no_reason_is_wrong_use(
    office: Settings, question: Question, reason: str, by: str, says: str
) -> None:
    done = say(question.number, reason, "--by", by)
    assert (done.exit_code, says in done.output) == (2, True), done.output
    assert question in waiting(office)


def test_an_unknown_number_is_wrong_use(office: Settings) -> None:
    done = say("2506-00000000", REASON)
    assert done.exit_code == 2
    assert "没有编号 2506-00000000" in done.output


def test_a_number_without_a_reason_is_wrong_use(office: Settings, question: Question) -> None:
    done = say(question.number)
    assert done.exit_code == 2
    assert "缺少说明" in done.output


def test_an_answered_query_is_not_answered_over(office: Settings, question: Question) -> None:
    assert say(question.number, REASON).exit_code == 0
    done = say(question.number, "另一个完全不同的原因")
    assert done.exit_code == 1
    assert f"已有说明：{REASON}" in str(done.exception)


def sent_again(office: Settings, question: Question, added: int) -> ReportResult:
    """The month of a question once more, saved by another hand, the questioned number larger by so much."""
    reported = f"{plan_of(office, 2025).name_of(question.reporter)}2025年{int(question.month[-2:])}月月报"
    kept = next(one for one in stored_files(office.raw) if one.file_name.startswith(reported))
    assert kept.path
    book = openpyxl.load_workbook(kept.path)
    book.properties.title = "另存"
    book[question.sheet][question.cell].value += added
    office.inbox.mkdir(parents=True, exist_ok=True)
    book.save(office.inbox / "再报.xlsx")
    (received,) = Office(office, lambda: AUGUST).ingest()
    return received


def test_a_question_keeps_its_number_and_its_answer_in_a_version_with_the_same_values(
    office: Settings, question: Question
) -> None:
    Office(office, lambda: AUGUST).answer(question.number, REASON, actor(office), "就业股")
    received = sent_again(office, question, added=0)
    assert question.number in received.receipt
    assert question.number not in {one.number for one in waiting(office)}


def test_a_question_is_open_again_under_another_number_once_its_value_changes(
    office: Settings, question: Question
) -> None:
    Office(office, lambda: AUGUST).answer(question.number, REASON, actor(office), "就业股")
    sent_again(office, question, added=1)
    (again,) = [
        one for one in waiting(office)
        if (one.reporter, one.month, one.place) == (question.reporter, question.month, question.place)
    ]  # fmt: skip
    assert again.number != question.number
    assert again.number[:5] == question.number[:5] == f"{question.month[2:4]}{question.month[5:]}-"


def test_a_question_that_its_month_no_longer_raises_needs_no_answer(
    office: Settings, question: Question
) -> None:
    sent_again(office, question, added=1)
    done = say(question.number, REASON)
    assert done.exit_code == 1
    assert "该月已重新报送；仍待核实的，用 diaodu answer 可查到新编号" in str(done.exception)


def test_a_number_is_understood_in_small_letters_and_with_lookalikes(
    office: Settings, question: Question
) -> None:
    typed = question.number[:5] + question.number[5:].lower().replace("0", "o").replace("1", "l")
    assert say(typed, REASON).exit_code == 0
    assert question not in waiting(office)


def test_an_error_is_for_the_reporter_to_correct(office: Settings, question: Question) -> None:
    path = with_an_error(office)
    (received,) = Office(office, lambda: AUGUST).ingest([path])
    assert "需要改正" in received.receipt
    with Warehouse(office.warehouse, office.journal) as warehouse:
        problems = warehouse.select("problems", first_month="2025-06", last_month="2025-06", as_of=LONG_AFTER)
    number = problems.filter(tier="error")["question_number"].item()
    done = say(number, REASON)
    assert done.exit_code == 1
    assert "是需要改正的错误，不能只作说明" in str(done.exception)


def test_status_prints_the_numbers_to_cite(office: Settings, question: Question) -> None:
    done = CliRunner().invoke(cli, ["status", question.month])
    assert f"      {question.number}  {question.place} · {question.description}\n" in done.output


def with_an_error(office: Settings) -> Path:
    """Somebody's June with a word where a number is due."""
    kept = sorted((office.raw / "2025-06").glob("*.xlsx"))
    for source in kept:
        book = with_totals_typed(source.read_bytes())
        if "月报" in book.sheetnames:
            book["月报"]["G6"] = "约五百"
            book.save(office.data / "6月.xlsx")
            return office.data / "6月.xlsx"
    raise AssertionError(kept)


def test_the_workbook_goes_back_beside_the_receipt(office: Settings) -> None:
    (received,) = Office(office, lambda: AUGUST).ingest([with_an_error(office)])
    folder = received.receipt_path.parent
    (back,) = folder.glob(f"6月（退回修改）-{received.receipt_path.stem[-12:]}.xlsx")
    assert "〔回执第1项〕需要改正" in openpyxl.load_workbook(back)["月报"]["G6"].comment.text


@pytest.mark.parametrize("lost", [".txt", ".xlsx"])
def test_what_a_crash_left_unwritten_is_written_by_running_again(office: Settings, lost: str) -> None:
    path = with_an_error(office)
    (received,) = Office(office, lambda: AUGUST).ingest([path])
    folder, short = received.receipt_path.parent, received.receipt_path.stem[-12:]
    (gone,) = folder.glob(f"*-{short}{lost}")
    content = gone.read_bytes()
    gone.unlink()
    (again,) = Office(office, lambda: datetime(2025, 8, 5)).ingest([path])
    assert again.status == "accepted"
    assert gone.read_bytes() == content
    (once_more,) = Office(office, lambda: datetime(2025, 8, 6)).ingest([path])
    assert once_more.status == "unchanged"


def test_a_name_as_long_as_a_disk_takes_is_shortened_on_its_answers(office: Settings) -> None:
    path = office.data / ("月" * 83 + ".xlsx")  # 83 × 3 + 5 = 254 bytes
    shutil.copy(with_an_error(office), path)
    (received,) = Office(office, lambda: AUGUST).ingest([path])
    assert received.receipt_path.exists()
    assert len(list(received.receipt_path.parent.glob(f"*-{received.receipt_path.stem[-12:]}.*"))) == 2
