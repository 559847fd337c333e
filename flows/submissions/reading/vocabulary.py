"""The words that heads, row names and titles are made of (词表), and what each says of the numbers beside them.

Everything a head says must be one of these words, a name of the plan, a unit or a mark; what is left over is asked
about. The list is printed in docs/evidence/reading.md.
"""

import re
from enum import StrEnum


class Meaning(StrEnum):
    """What a word says of the numbers it stands over."""

    MONTH = "month"  # of the report's month
    TOTAL = "total"  # from January to the report's month
    PREVIOUS = "previous"  # the running total of the month before
    CURRENT = "current"  # of this year, no other
    OTHER_TIME = "other_time"  # of another year or month: not read
    PLAN = "plan"  # planned, not done: not read as a figure
    ACTUAL = "actual"  # done
    DERIVED = "derived"  # worked out from others: not read
    PART = "part"  # of a part only: not read
    WHOLE = "whole"  # of all
    NEUTRAL = "neutral"  # changes nothing
    TOPIC = "topic"  # what a table or a group of heads is about; no part of an indicator's name


WORDS: dict[Meaning, tuple[str, ...]] = {
    Meaning.MONTH: (
        "本月", "当月", "本月份", "当月份",
    ),
    Meaning.TOTAL: (
        "累计", "累积", "年初至今", "年初以来", "今年以来", "本年以来",
        "开年以来", "自年初", "截至目前", "截止目前", "截至本月", "截止本月",
        "截至本月底", "截止本月底", "到目前为止", "目前为止", "1至本月",
        "总累计", "本月底", "本月末", "截至本月末", "截止本月末", "截止到本月",
        "截止到本月底",
        "年累计", "年度累计", "年内累计", "期末累计", "已累计", "自年初起", "年初起", "开年至今",
        "到本月", "到本月底", "至本月", "至本月底", "截止到目前", "截至到目前",
    ),
    Meaning.PREVIOUS: (
        "上月累计", "上月末累计", "上月底累计", "截至上月", "截止上月", "截至上月底", "截止上月底", "1至上月",
    ),
    Meaning.CURRENT: (
        "本年", "今年", "本年度", "当年", "本期", "当期", "全年", "目前", "现",
    ),
    Meaning.OTHER_TIME: (
        "上年同期", "去年同期", "同期", "上年度", "上年", "去年", "前年", "往年", "历年", "上期", "上月", "上季度", "上季", "下月",
        "明年", "下年", "十四五", "十三五", "十五五", "近三年", "近五年", "五年来", "以来", "基期", "年初数", "上年末", "他月", "他年",
    ),
    Meaning.PLAN: (
        "计划完成", "应完成", "预计完成", "拟完成", "计划", "任务", "目标", "预计", "预期", "预测", "分解", "下达", "指标数",
    ),
    Meaning.ACTUAL: (
        "任务完成", "目标完成", "任务实际完成", "实际完成", "完成", "实际", "实绩", "实有", "已完成", "实现", "达到", "任务进展",
        "目标任务完成", "计划任务完成", "计划执行", "目标任务进展", "任务落实", "到位",
    ),
    Meaning.DERIVED: (
        "同比", "环比", "增减", "增幅", "增长", "增速", "降幅", "完成率", "完成比例", "完成进度", "占年度", "占比", "比重", "排名",
        "位次", "差额", "差距", "缺口", "对比", "比较", "尚需", "剩余", "未完成", "进度", "净增",
        "增量", "减量", "平均", "均值", "测算", "百分比", "%",
    ),
    Meaning.PART: (
        "其中", "男性", "女性", "男", "女", "妇女", "城镇", "农村", "牧区", "省内", "省外", "区内", "区外", "高校毕业生", "毕业生",
        "农民工", "脱贫人口", "残疾人", "退役军人", "失业人员", "就业困难人员",
    ),
    Meaning.WHOLE: (
        "合计", "小计", "总计", "共计", "总数", "总量", "总额", "计", "全部", "男女合计",
    ),
    Meaning.NEUTRAL: (
        "人数", "人员数", "人员", "人次", "户数", "个数", "家数", "数量", "金额", "额", "数", "值", "数据", "情况", "新增数",
        "人", "的", "工作", "指标", "止", "为止", "及",
    ),
    Meaning.TOPIC: (
        "就业创业", "就业", "创业", "培训", "技能", "贷款", "担保", "人才", "重点", "主要", "各项", "各地", "项目", "新增", "统计",
        "月报", "报表", "汇总", "调度", "进展", "表", "民生", "稳就业", "劳动力", "转移", "岗位", "业务", "一览", "名称", "内容",
        "类", "旗县市区", "旗县", "地区", "全市", "促进", "行动", "就业促进行动", "落实", "资金", "分类", "东部", "西部", "南部",
        "北部", "中部",
    ),
}  # fmt: skip
DIFFERING = frozenset({Meaning.OTHER_TIME, Meaning.PLAN, Meaning.DERIVED, Meaning.PART, Meaning.PREVIOUS})
MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⒈⒉⒊⒋⒌⒍⒎⒏⒐❶❷❸❹❺⓪¹²³⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⁽⁾*★☆▲△●○◆◇■□※†‡§#"
PUNCTUATION = "()（）:：,，、。.;；-—–―~～/\\\"“”'‘’<>《》〈〉[]【】〔〕 |·"
_BY_WORD = sorted(((w, m) for m, words in WORDS.items() for w in words), key=lambda pair: -len(pair[0]))
_MEANING = dict(reversed(_BY_WORD))
_WORD = re.compile("|".join(re.escape(word) for word, _ in _BY_WORD))
_NOTE_MARK = re.compile(rf"[{re.escape(MARKS)}]|[\[【〔(]注?\d{{1,2}}[\]】〕)]|[(]?注\d{{0,2}}[)]?(?=$|[):])")
_NUMBERING = re.compile(r"^(?:[(]?[一二三四五六七八九十\d]{1,2}[)、.．]+|\d{1,2}[、.．])")


def without_marks(text: str) -> str:
    """A label without numbering before it and footnote marks: ①, *, [1], ¹."""
    return _NUMBERING.sub("", _NOTE_MARK.sub("", _NUMBERING.sub("", text)))


def mark_in(text: str) -> str:
    """The first footnote mark in a text; empty where there is none."""
    return next((c for c in text if c in MARKS), "")


def scan(text: str, *, without: frozenset[Meaning] = frozenset()) -> tuple[frozenset[Meaning], str]:
    """What the words of a text say, and what of it is no known word. Words of the meanings `without` are left over."""
    left: list[str] = []

    def take(found: re.Match[str]) -> str:
        meaning = _MEANING[found[0]]
        if meaning in without:
            left.append(found[0])
        else:
            meanings.append(meaning)
        return " "

    meanings: list[Meaning] = []
    rest = _WORD.sub(take, text)
    return frozenset(meanings), "".join(left) + "".join(
        c for c in rest if c not in PUNCTUATION and not c.isspace()
    )
