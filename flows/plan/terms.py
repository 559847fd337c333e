"""The words of the field that the program reasons with, each with the Chinese that people read."""

from enum import StrEnum


class Term(StrEnum):
    """A word with an identifier for data and a Chinese label for people."""

    label: str

    def __new__(cls, identifier: str, label: str) -> "Term":
        """Make the member a plain string equal to its identifier, carrying its label."""
        member = str.__new__(cls, identifier)
        member._value_ = identifier
        member.label = label
        return member


class Rule(Term):
    """How an indicator's reports become the figure of a period (汇总规则)."""

    TOTAL = "total", "累计"
    LATEST = "latest", "期末数"
    SHARE = "share", "占比"
    MEAN = "mean", "期内平均"
    EACH_COUNTY = "each_county", "逐地达标"
    MILESTONE = "milestone", "事项"


class Bound(Term):
    """Which side of the target is success (目标方向)."""

    AT_LEAST = "at_least", "不低于"
    MORE_THAN = "more_than", "突破"
    AT_MOST = "at_most", "不高于"


class ReportedBy(Term):
    """Who sends the number (报送主体)."""

    COUNTY = "county", "旗县市区"
    DEPARTMENT = "department", "牵头单位"


class State(Term):
    """What a cell says (单元格状态). Only REPORTED and CONFIRMED_ZERO carry a value.

    BLOCKED is the program's, not the reporter's: an error stands in the cell and its number is not used.
    """

    REPORTED = "reported", "已报"
    CONFIRMED_ZERO = "confirmed_zero", "确认为零"
    MISSING = "missing", "未报"
    NOT_APPLICABLE = "not_applicable", "不适用"
    BLOCKED = "blocked", "数据待核"
    PARTIAL = "partial", "部分已报"  # of a city total only


class Measure(Term):
    """Which number of an indicator a cell holds (填报口径)."""

    IN_MONTH = "in_month", "本月"
    RUNNING_TOTAL = "running_total", "累计"
    LEVEL = "level", "期末数"
    NUMERATOR = "numerator", "分子"
    DENOMINATOR = "denominator", "分母"
    RATE = "rate", "当月率"
    DONE = "done", "是否完成"


# The measures that make up the figure; IN_MONTH is only ever a check on two running totals.
FIGURE_MEASURES: dict[Rule, tuple[Measure, ...]] = {
    Rule.TOTAL: (Measure.RUNNING_TOTAL,),
    Rule.EACH_COUNTY: (Measure.RUNNING_TOTAL,),
    Rule.LATEST: (Measure.LEVEL,),
    Rule.SHARE: (Measure.NUMERATOR, Measure.DENOMINATOR),
    Rule.MEAN: (Measure.RATE,),
    Rule.MILESTONE: (Measure.DONE,),
}


class Tier(Term):
    """How grave a problem is: an error blocks its cell, a query is used and listed until answered."""

    ERROR = "error", "错误"
    QUERY = "query", "核实"


class StatementKind(Term):
    """What a reporter says in words."""

    PROGRESS = "progress", "进展情况"
    PROBLEM = "problem", "存在问题"
    NEXT_STEP = "next_step", "下一步打算"


class Mark(Term):
    """The coloured mark of a county on an indicator; the label reads in black and white."""

    BLUE = "blue", "蓝"
    GREEN = "green", "绿"
    YELLOW = "yellow", "黄"
    RED = "red", "红"


class Grade(Term):
    """The grade of a county's year (评估等次); UNGRADED where an indicator's year-end figure is not known."""

    EXCELLENT = "excellent", "优秀"
    PASSING = "passing", "达标"
    FAILING = "failing", "不达标"
    UNGRADED = "ungraded", "暂不评定"


class AccountRole(Term):
    """What an account is for (账号角色); one may have several."""

    CLERK = "clerk", "经办"
    REVIEWER = "reviewer", "审核"
    SIGNER = "signer", "签发"
    ADMIN = "admin", "管理"
    REPORTER = "reporter", "填报"


CITY = "city"  # the county id of a city total
