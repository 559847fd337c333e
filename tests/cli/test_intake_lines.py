"""What `intake` prints of many files: the count, and a line for each accepted file that asks for something."""

import pytest

from flows.cli.report import HANDFUL, _report_received


def result(name: str, status: str, left: str) -> dict[str, str]:
    return {
        "name": name, "status": status, "month": "2025-06", "receipt": f"{name} 的回执", "left": left, "remark": "",
        "receipt_path": f"data/receipts/2025-06/{name}.txt",
    }  # fmt: skip


def test_of_many_files_each_that_asks_for_something_is_named_on_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    received = [result(f"{n}.xlsx", "accepted", "0") for n in range(HANDFUL)]
    received += [result("开鲁县6月.xlsx", "accepted", "3"), result("照片.jpg", "refused", "0")]
    _report_received(received)
    lines = capsys.readouterr().out.splitlines()
    assert "照片.jpg 的回执" in lines  # a refused file's receipt is printed whole
    assert [line for line in lines if line.startswith("开鲁县6月.xlsx：有 3 项需要处理，见 ")]
    assert not [line for line in lines if line.startswith("0.xlsx")]
    assert "共 5 份：接收 4 份（其中 1 份有待处理事项），不予接收 1 份，以前收过 0 份" in lines
