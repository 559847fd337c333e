"""The receipt as a clerk reads it."""

import re
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Answer, Problem, Reading, Refusal
from flows.plan.terms import Tier
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.receipts.receipt import Receipt, as_text, receipt
from tests.submissions.conftest import DEADLINES, NAME, RECEIVED_AT, SHA256, reading_of, total


class Given(NamedTuple):
    receipt: Receipt
    text: str

    @property
    def status(self) -> str:
        return self.receipt.status


def answer(
    catalogue: Catalogue,
    outcome: Reading | Refusal,
    at: datetime = RECEIVED_AT,
    before: datetime | None = None,
) -> Given:
    due = None if isinstance(outcome, Refusal) else DEADLINES
    given = receipt(NAME, SHA256, at, outcome, catalogue, due, before)
    return Given(given, as_text(given))


def test_a_clean_report_is_thanked_for(catalogue: Catalogue, form: FormSpec) -> None:
    given = answer(catalogue, reading_of(catalogue, form))
    assert given.status == "accepted"
    assert given.text == (
        "回执：已接收\n"
        "────────────────────────────────────\n"
        "文件　　　　开鲁县2025年6月月报.xlsx\n"
        "收到时间　　2025年7月4日 09:30\n"
        f"文件校验码　{SHA256}\n"
        "填报单位　　开鲁县\n"
        "报告期　　　2025年6月（期限 2025年7月7日，按时）\n"
        "────────────────────────────────────\n"
        "共读取 20 个数据格：已报 18 个、确认为零 2 个；文字 3 段。\n"
        "────────────────────────────────────\n"
        "下一步：没有需要您处理的事项，谢谢。\n"
    )


def test_errors_come_first_then_queries_then_what_was_explained(catalogue: Catalogue, form: FormSpec) -> None:
    rows = {
        "urban_new_jobs": total("-7", "490", reason="与社保数据比对，核减重复统计7人"),
        "secondary_jobs": total("31", ""),
        "tertiary_jobs": total("约236", "1246"),
    }
    text = answer(catalogue, reading_of(catalogue, form, rows)).text
    assert (
        "需要改正（改正前这些数不采用，按“数据待核”处理），共 1 项：\n"
        "　1. 月报!F9 · 三产新增就业岗位（本月）：应为以“个”计的整数，填报为 约236\n"
        "　　 怎么办：请直接填数，不写文字和符号；没有数的，在“零或不适用”里选择。\n"
        "需要核实或补填（已填的数先采用，核实前列入待核实事项），共 1 项：\n"
    ) in text
    assert text.endswith(
        "已有说明（请留存依据），共 1 项：\n"
        "　3. 月报!G6 · 城镇新增就业（累计）：应为不小于上月累计 497 的整数，填报为 490\n"
        "　　 说明：与社保数据比对，核减重复统计7人\n"
        "────────────────────────────────────\n"
        "下一步：请在退回的工作簿里改正标出的单元格，在 2025年7月15日前把整个文件重新报送；需要核实的，"
        "填错的直接改正，没有填错的在同一行“原因说明”写明原因，写“核实无误”不算说明。以最后一次报送为准。\n"
    )


def test_a_first_report_after_the_due_day_is_late(catalogue: Catalogue, form: FormSpec) -> None:
    given = answer(catalogue, reading_of(catalogue, form), datetime(2025, 7, 9, 10, 0))
    assert "（期限 2025年7月7日，期限后 2 天收到，按迟报登记）" in given.text  # 9 - 7


def test_what_was_reported_before_and_comes_again_after_the_due_day_is_a_correction(
    catalogue: Catalogue, form: FormSpec
) -> None:
    again = replace(reading_of(catalogue, form), follows_at=datetime(2025, 7, 4, 9, 0))
    given = answer(catalogue, again, datetime(2025, 7, 9, 10, 0))
    assert "（期限 2025年7月7日，期限后 2 天收到，此前已报过，按更正处理）" in given.text  # 9 - 7


def test_nobody_is_asked_to_answer_by_a_day_that_is_past(catalogue: Catalogue, form: FormSpec) -> None:
    reading = reading_of(catalogue, form, {"urban_new_jobs": total("110", "617")})
    assert "在 2025年7月15日前把" in answer(catalogue, reading, datetime(2025, 7, 15, 17, 0)).text
    assert "逐项核实，尽快把" in answer(catalogue, reading, datetime(2025, 7, 16, 8, 0)).text


def test_a_query_alone_says_that_an_assurance_is_not_enough(catalogue: Catalogue, form: FormSpec) -> None:
    text = answer(catalogue, reading_of(catalogue, form, {"urban_new_jobs": total("110", "617")})).text
    assert "写“核实无误”不算说明。" in text and "需要改正" not in text


def test_a_refusal_gives_its_reason_and_what_to_do(catalogue: Catalogue) -> None:
    given = answer(catalogue, Refusal("文件加了密码，打不开", "请取消密码另存后再报送。"))
    assert given.status == "refused"
    assert "回执：不予接收\n" in given.text
    assert "原因：文件加了密码，打不开。\n" in given.text
    assert given.text.endswith("下一步：请取消密码另存后再报送。\n")
    assert "其中的数没有采用" in given.text


def test_the_same_file_again_changes_nothing_and_says_so(catalogue: Catalogue, form: FormSpec) -> None:
    given = answer(catalogue, reading_of(catalogue, form), before=datetime(2025, 7, 3, 16, 5))
    assert given.status == "unchanged"
    assert "同一文件已于 2025年7月3日 16:05 收过，内容没有变化，本次不重复登记。" in given.text


def test_a_refused_file_that_comes_again_is_refused_again(catalogue: Catalogue) -> None:
    given = answer(catalogue, Refusal("文件是空的（0 字节）", "请重新存盘后再报送。"), before=RECEIVED_AT)
    assert given.status == "refused"


def test_a_query_is_printed_with_the_number_to_cite(catalogue: Catalogue, form: FormSpec) -> None:
    rows = {"urban_new_jobs": total("约110", "607"), "secondary_jobs": total("31", "")}
    text = answer(catalogue, reading_of(catalogue, form, rows)).text
    assert text.count("编号：") == 1  # an error is corrected, not cited
    assert re.search(r"\n　　 编号：2506-[0-9A-HJKMNP-TV-Z]{8}\n", text)


def test_answers_to_earlier_months_are_acknowledged_one_by_one(catalogue: Catalogue, form: FormSpec) -> None:
    reading = replace(
        reading_of(catalogue, form), answers=(Answer("2504-AAAAAAAA", "5月新增两家企业集中招工"),)
    )
    given = answer(catalogue, reading)
    assert (
        "对以前月份待核实事项的说明，已登记 1 项：\n　· 2504-AAAAAAAA：5月新增两家企业集中招工\n"
        in given.text
    )
    assert not given.receipt.asks


def test_an_answer_not_taken_is_an_item_of_its_own(catalogue: Catalogue, form: FormSpec) -> None:
    problem = Problem(
        "answer_not_taken", Tier.QUERY, "kailu", "", "", "待核实事项", "E4", "编号 2504-AAAAAAAA 的说明",
        "具体原因（写“核实无误”不算说明）", "核实无误", "请写清楚为什么是这个数", (),
    )  # fmt: skip
    given = answer(catalogue, replace(reading_of(catalogue, form), not_taken=(problem,)))
    assert given.receipt.asks
    assert (
        "没有采用的说明（原来的事项仍列为待核实），共 1 项：\n"
        "　1. 待核实事项!E4 · 编号 2504-AAAAAAAA 的说明：应为具体原因（写“核实无误”不算说明），填报为 核实无误\n"
    ) in given.text
    assert "下一步：请把没有采用的说明补充完整，在 2025年7月15日前把整个文件重新报送。" in given.text
