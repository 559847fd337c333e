"""The command line: Chinese, exit codes 0, 1 and 2, a sentence instead of a traceback."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from flows import __main__ as command_line
from flows.__main__ import cli
from flows.cli import approval as approving
from flows.cli import issue as sending
from flows.cli import report as reporting
from flows.cli.arguments import table
from flows.clock import now
from flows.issuing.approval import ApprovalError, ApprovalStatus, Draft
from flows.office import Office
from flows.operations import data_folder
from flows.plan.issued import DocumentName, Step
from flows.settings import Settings

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path))
    data_folder.init(Settings(), now())
    return tmp_path


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The real program in a process of its own."""
    command = [sys.executable, "-m", "flows", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)


def test_the_help_lists_every_command_once_in_the_order_of_the_work() -> None:
    said = CliRunner().invoke(cli, ["--help"]).output
    listed = re.findall(r"^  ([a-z][a-z-]*)  ", said, re.MULTILINE)
    shown = [name for name, command in cli.commands.items() if not command.hidden]
    assert sorted(listed) == sorted(shown)
    assert "其他:" not in said  # a new command is given its place
    assert (
        listed.index("intake") < listed.index("monthly") < listed.index("approve") < listed.index("deliver")
    )


def test_every_command_has_chinese_help() -> None:
    for name, command in cli.commands.items():
        said = CliRunner().invoke(cli, [name, "--help"]).output
        assert command.help, name
        assert said.startswith("用法： "), name
        assert not {"Usage", "Options", "Show this message", "TEXT", "PATH"} & set(said.split()), said


def test_every_option_says_what_it_is_for() -> None:
    for name, command in cli.commands.items():
        for option in (p for p in command.params if isinstance(p, click.Option)):
            assert option.help, f"{name} {option.opts[0]}"


def test_a_column_is_as_wide_as_its_widest_word() -> None:
    rows = [
        {"单位": "开鲁县", "信件": "a", "说明": ""},
        {"单位": "市住房和城乡建设局", "信件": "b", "说明": "已接收"},
    ]
    assert table(rows, ("单位", "信件", "说明")) == [
        "开鲁县" + " " * 2 * 6 + "  a",  # six characters of two columns fewer than the other; nothing trails
        "市住房和城乡建设局  b  已接收",
    ]
    assert table([], ("单位",)) == []


def test_a_letter_that_left_is_told_without_the_servers_own_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def row(result: str, said: str) -> dict[str, str]:
        return {"结果": result, "文号": "通人社发〔2025〕1号", "单位": "开鲁县", "信件": "0fb2", "说明": said}

    rows = [row("已发出", "250 2.0.0 Ok: queued as 4F1"), row("待发", "452 4.3.1 too busy")]
    office = Office()
    monkeypatch.setattr(office, "deliver", lambda _samples: rows)
    sending.deliver_letters(office, samples=True)
    assert (
        capsys.readouterr().out.splitlines()
        == [
            "已发出  通人社发〔2025〕1号  开鲁县  0fb2  已接收",
            "待发    通人社发〔2025〕1号  开鲁县  0fb2  452 4.3.1 too busy",  # what went wrong is told as it was said
            "发出 1 封，需要处理 0 项",
        ]
    )


DRAFT = Draft(
    DocumentName.parse("2025-06/monthly_dispatch"), "monthly_dispatch", "关于2025年6月的通报", Path("a.pdf"), "ab" * 32,
    datetime(2025, 7, 7, 16, 50), date(2025, 7, 8), is_sample=False,
)  # fmt: skip


def waits(name: str, newer: datetime | None) -> ApprovalStatus:
    return ApprovalStatus(replace(DRAFT, name=DocumentName.parse(name)), (), Step.REVIEW, newer)


def test_drafts_that_lack_the_same_data_are_told_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = datetime(2025, 7, 8, 9)
    names = [
        "2025-06/monthly_dispatch",
        "2025-06/notices/提醒〔2025〕1-horqin",
        "2025-06/notices/提醒〔2025〕2-naiman",
    ]
    found = [waits(names[0], None), *(waits(name, newer) for name in names[1:])]
    office = Office(Settings(data=tmp_path))
    monkeypatch.setattr(office, "waiting", lambda: found)
    said = list(approving.waiting_lines(office))
    assert [line.split("　")[:2] for line in said[:3]] == [
        [f"{n:>3}", name] for n, name in enumerate(names, 1)
    ]
    assert said[3:] == [
        "　　注意：以上 2 份草稿数据截至 2025-07-07 16:50，之后（2025-07-08 09:00）又有报表或说明",
        "待审 3 份；通过：diaodu approve 序号或文件名称 --account 账号（如 1 3 5-9、2025-06/notices）；退回：加 --return 原因",
    ]


def test_a_document_just_made_says_where_it_goes_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "2025-06/monthly_dispatch"
    office = Office()
    monkeypatch.setattr(office, "approval_status", lambda _document: waits(name, None))
    assert approving.next_step(office, [name]) == f"草稿；送审：diaodu approve {name} --account 账号"
    assert (
        approving.next_step(office, [name, "2025-05/monthly_dispatch"]) == "草稿 2 份；送审：diaodu approve"
    )

    def gone(document: str) -> ApprovalStatus:
        raise ApprovalError(document, "已于2025-07-08以通人社发〔2025〕1号印发；数有更正的，出更正说明")

    monkeypatch.setattr(office, "approval_status", gone)
    assert approving.next_step(office, [name]).startswith(f"{name}：已于2025-07-08以")


def test_the_commands_load_no_plan_accounts_or_figures_before_one_of_them_runs() -> None:
    program = "import sys, flows.__main__; print(*sys.modules)"
    listed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded, heavy = set(listed.stdout.split()), {"polars", "duckdb", "prefect", "weasyprint", "pydantic"}
    assert not loaded & (heavy | {"flows.plan.catalogue", "flows.accounts.accounts", "flows.warehouse"})


def test_the_plan_is_printed_as_json_with_nothing_else() -> None:
    done = ran("plan", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["indicators"]) == 56


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["monthly"], "缺少参数 '月份...'"),
        (["monthly", "2025-13"], "应写作 2025-06（月）、2025-Q2（季）、2025-H1（半年）或 2025（年）"),
        (["monthly", "2025-Q1"], "2025-Q1 不是这个命令要的报告期，应写作 2025-06"),
        (["monthly", "2025-06", "--as-of", "昨天"], "昨天 不是时间，应写作 2025-07-08 或 2025-07-08T17:30"),
        (["monthly", "2025-06", "--county", "北京"], "没有“北京”这个旗县市区，应为：科尔沁区、霍林郭勒市"),
        (["sample", "2025", "--months", "0-13"], "--months 0-13 不对，应写作 1-6 或 6"),
        (["figures", "2025", "--format", "pdf"], "'--format' 的值不对"),
        (["trace", "2025-06", "jobs", "kailu"], "没有“jobs”这项指标，应为：\n  urban_new_jobs  城镇新增就业"),
        (
            ["trace", "2025-06", "secondary_jobs", "北京"],
            "没有“北京”这个旗县市区，应为：科尔沁区、霍林郭勒市",
        ),
        (["mothly"], "没有 'mothly' 这个命令"),
    ],
)
def test_wrong_use_is_a_sentence_and_exit_code_2(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 2
    assert says in done.output


def test_work_that_fails_is_a_sentence_and_exit_code_1() -> None:
    done = ran("monthly", "2025-06")
    assert done.returncode == 1
    assert done.stderr == "没有做成：2025年6月还没有收到任何报表：先把报表放进收件箱，再运行 diaodu intake\n"
    assert done.stdout == ""


def test_a_year_without_a_plan_is_a_sentence() -> None:
    done = ran("figures", "2024-06")
    assert (done.returncode, done.stdout) == (1, "")
    assert "应为有 2024 年的方案，实为 只有 2025 年的" in done.stderr


def test_a_fault_of_the_program_is_kept_in_a_file_and_not_thrown_at_people(
    own_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    codes: list[int] = []
    monkeypatch.setattr(command_line, "cli", broken)
    monkeypatch.setattr(command_line, "_leave", codes.append)
    command_line.main()
    assert codes == [1]
    assert "程序内部出错（ZeroDivisionError），详情记在" in capsys.readouterr().err
    assert "ZeroDivisionError" in (own_data / "logs" / "internal-error.txt").read_text(encoding="utf-8")


def test_forms_are_written_for_every_reporter(own_data: Path) -> None:
    done = CliRunner().invoke(cli, ["forms", "2025-01"])
    assert done.exit_code == 0, done.output
    names = {p.name for p in (own_data / "forms" / "2025-01").iterdir()}
    assert len(names) == 9 + 12
    assert "开鲁县2025年1月月报.xlsx" in names


def test_sample_forms_go_where_they_are_sent(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["sample", "2025", "--months", "1", "--out", str(tmp_path / "there")])
    assert done.exit_code == 0, done.output
    assert "虚构数据，仅供演示" in done.output
    assert len(list((tmp_path / "there").glob("*.xlsx"))) == 9 + 12


def test_the_reporting_record_can_be_asked_before_anything_came() -> None:
    done = CliRunner().invoke(cli, ["status", "2025-06"])
    assert done.exit_code == 0, done.output
    head, *lines = done.output.splitlines()
    assert "应报 21 家，按时 0 家，迟报 0 家，未报 21 家" in head
    longest = len("市住房和城乡建设局")
    assert {line.index(" 未报") for line in lines} == {2 + longest}  # one column, whatever the name


def test_the_year_can_be_asked_by_another_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIAODU_PLAN", str(ROOT / "tests" / "plan" / "another_city"))
    done = CliRunner().invoke(cli, ["status", "2026-02"])
    assert done.exit_code == 0, done.output
    assert "应报 4 家" in done.output


def test_the_intakes_last_line_counts_what_asks_for_something_and_what_failed() -> None:
    received = [
        {"status": status, "left": left}
        for status, left in [("accepted", "0"), ("accepted", "3"), ("refused", "0"), ("unchanged", "2")]
    ]
    assert reporting._counted(received) == (
        "共 4 份：接收 2 份（其中 1 份有待处理事项），不予接收 1 份，以前收过 1 份"
    )
    failed = [*received, {"status": "failed", "left": "0"}]
    assert reporting._counted(failed).endswith("以前收过 1 份，未能处理 1 份")
