"""Numbers inside the plan's own sentences (引文): 1.35万人, 1.1亿元, 27万户, 一个."""

import re
from decimal import Decimal

_NUMBER = re.compile(
    r"(?P<digits>\d+(?:\.\d+)?)(?P<scale>[万亿]?)|(?P<han>[一二两三四五六七八九十])(?=[个家项])"
)
_SCALE = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_HAN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


def numbers_in(sentence: str) -> list[Decimal]:
    """Every number of a sentence in whole units: 1.35万人 gives 13500, 至少培育一个 gives 1."""
    return [
        Decimal(_HAN[m["han"]]) if m["han"] else Decimal(m["digits"]) * _SCALE[m["scale"]]
        for m in _NUMBER.finditer(sentence)
    ]


def paragraph_of(task: int, plan_text: str) -> str:
    """The plan's paragraph of a task; task 0 is the chapter 总体要求. Empty if there is none."""
    if task:
        found = re.search(rf"^{task}\. .+$", plan_text, re.MULTILINE)
    else:
        found = re.search(r"(?<=总体要求\n).+?(?=^二、)", plan_text, re.MULTILINE | re.DOTALL)
    return found[0].strip() if found else ""
