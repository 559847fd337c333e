"""What a cell of the form accepts (数据有效性), with Chinese prompts; the reader checks everything again."""

from datetime import date
from typing import Any

from flows.submissions.form.layout import DONE, NOT_APPLICABLE, NOT_DONE, ZERO

LARGEST = 999_999_999_999
LONGEST_TITLE, LONGEST_PROMPT = 32, 255  # what a spreadsheet shows


def _rule(title: str, prompt: str, error: str, **criteria: Any) -> dict[str, Any]:
    return criteria | {
        "input_title": title[:LONGEST_TITLE],
        "input_message": prompt[:LONGEST_PROMPT],
        "error_title": "请核对",
        "error_message": error[:LONGEST_PROMPT],
        "error_type": "stop",
    }


def number(
    cell: str, title: str, unit: str, decimals: int, hint: str = "", may_fall: bool = False
) -> dict[str, Any]:
    """A number of this unit; `may_fall` lets a month be negative (核减)."""
    lowest = -LARGEST if may_fall else 0
    kind = "最多两位小数" if decimals else "整数"
    prompt = f"单位：{unit}，填{kind}。{hint}"
    error = (
        f"这里只收{kind}"
        + ("。" if may_fall else "，且不小于零。")
        + f"不写“{unit}”等文字；没有数的请在“零或不适用”里选择。"
    )
    if not decimals:
        return _rule(
            title, prompt, error, validate="integer", criteria="between", minimum=lowest, maximum=LARGEST
        )
    exact = f"=AND(ISNUMBER({cell}),{cell}>={lowest},ABS(ROUND({cell},{decimals})-{cell})<0.0000001)"
    return _rule(title, prompt, error, validate="custom", value=exact)


def rate(title: str) -> dict[str, Any]:
    """A percentage from 0 to 100, typed without its sign."""
    return _rule(
        title, "单位：%，直接填数，如 5.3，不写百分号。", "请填 0 到 100 之间的数，如 5.3，不写百分号。",
        validate="decimal", criteria="between", minimum=0, maximum=100,
    )  # fmt: skip


def choice() -> dict[str, Any]:
    """零 or 不适用, or nothing."""
    return _rule(
        "零或不适用", "本月确实为零选“零”；本地没有这项工作选“不适用”，并写明原因。有数的不选。",
        "请从下拉列表选择“零”或“不适用”。", validate="list", source=[ZERO, NOT_APPLICABLE],
    )  # fmt: skip


def done() -> dict[str, Any]:
    """是 or 否."""
    return _rule(
        "是否完成", "已经完成选“是”，并填完成日期；没有完成选“否”。", "请从下拉列表选择“是”或“否”。",
        validate="list", source=[DONE, NOT_DONE],
    )  # fmt: skip


def day() -> dict[str, Any]:
    """A date of this century."""
    return _rule(
        "日期", "如 2025-6-30。", "请填日期，如 2025-6-30，不写“6月底”等文字。",
        validate="date", criteria=">=", value=date(2000, 1, 1),
    )  # fmt: skip


def words(title: str) -> dict[str, Any]:
    """A few sentences: only a hint, anything goes."""
    return {
        "validate": "any",
        "input_title": title[:LONGEST_TITLE],
        "input_message": "用几句话写清楚，不写个人姓名、身份证号和电话。按 Alt+Enter 换行。",
    }
