"""What a plan must satisfy before anything is computed from it; a PlanError names file and key of the first fault."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from flows.plan.catalogue import Catalogue, Indicator, normalize_name
from flows.plan.plan_file import PlanError
from flows.plan.terms import AccountRole, Bound, ReportedBy, Rule
from flows.plan.units import RATIOS, magnitude, round_half_up

AnnexTargets = Mapping[str, Mapping[str, Decimal]]
TOTAL_ROW = "总计"  # the annex's own first row
LONGEST_QUOTE = (
    400  # characters of a reporter's words in the narrowest column of a table: nine tenths of a page
)
_NUMBER = re.compile(
    r"(?P<digits>\d+(?:\.\d+)?)(?P<scale>[万亿]?)|(?P<han>[一二两三四五六七八九十])(?=[个家项])"
)
_HAN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


def verify(
    catalogue: Catalogue, folder: Path, file_of: Mapping[str, Path], annex: AnnexTargets, text: str
) -> None:
    """Raise PlanError for the first thing in the plan that cannot be true."""
    _unique(folder, "指标 id", (i.id for i in catalogue.indicators))
    _unique(folder, "任务编号", (str(t.number) for t in catalogue.tasks))
    names = (normalize_name(n) for r in catalogue.reporter.values() for n in (r.name, *r.also_written))
    _unique(folder / "counties.csv", "单位名称和别名", names)
    _leads_are_departments(catalogue, folder)
    _annex_adds_up(folder / "annex_targets.csv", annex)
    for indicator in catalogue.indicators:
        file = file_of[indicator.id]
        _kind_is_sound(indicator, catalogue, file)
        _part_is_sound(indicator, catalogue, file)
        _quotation_holds(indicator, file, text)
        _annex_agrees(indicator, file, annex)
    _titles_stand_in_text(catalogue, folder, text)
    _policy_is_sound(catalogue, folder / "policy.toml")
    _curves_are_sound(catalogue, folder / "policy.toml")
    _pauses_grow(catalogue, folder / "policy.toml")
    _accounts_are_locked(catalogue, folder / "policy.toml")


def _unique(file: Path, key: str, values: Iterable[str]) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            raise PlanError(file, f"{key} {value}", "只出现一次", f"{times} 次")


def _leads_are_departments(catalogue: Catalogue, folder: Path) -> None:
    known = {d.id for d in catalogue.departments}
    for task in catalogue.tasks:
        if task.lead not in known:
            raise PlanError(folder, f"任务{task.number}.lead", "departments.csv 里的 id", task.lead)
    for i in catalogue.indicators:
        if i.reported_by is ReportedBy.DEPARTMENT and i.reporter not in known:
            raise PlanError(folder, f"{i.id} 的牵头单位", "departments.csv 里的 id", i.reporter or "没有")


def _annex_adds_up(path: Path, annex: AnnexTargets) -> None:
    for label, column in annex.items():
        parts = sum((n for name, n in column.items() if name != TOTAL_ROW), Decimal(0))
        if parts != column.get(TOTAL_ROW):
            raise PlanError(path, f"列“{label}”", f"各地合计等于{TOTAL_ROW} {column.get(TOTAL_ROW)}", parts)


def _kind_is_sound(i: Indicator, catalogue: Catalogue, file: Path) -> None:
    if i.target is None and not i.is_free and i.id not in catalogue.policy.limits:
        expected = '有目标数，或在 policy.toml 的 limits 里有限值；没有年度目标的数写 target = "none"'
        raise PlanError(file, f"{i.id}.target", expected, "都没有")
    if i.is_free:
        _free_figure_is_sound(i, file)
    if (i.rule is Rule.SHARE) != bool(i.numerator and i.denominator and i.part_unit):
        raise PlanError(
            file, f"{i.id}.numerator", "占比类（且仅占比类）写明分子、分母及其单位", i.numerator or "没有"
        )
    if i.display_unit not in ("", f"万{i.unit}"):
        raise PlanError(file, f"{i.id}.display_unit", f"万{i.unit}，或不写", i.display_unit)
    if (i.bound is Bound.AT_MOST) != (i.rule is Rule.MEAN):
        raise PlanError(file, f"{i.id}.bound", "at_most 只用于 mean", i.bound)
    if (i.reported_by is ReportedBy.COUNTY) != bool(i.county_targets) and not i.is_free:
        raise PlanError(file, f"{i.id}.reported_by", "由旗县报送的指标有分地区目标", i.reported_by)
    if i.reported_by is ReportedBy.COUNTY and i.rule not in (Rule.TOTAL, Rule.EACH_COUNTY) and not i.is_free:
        raise PlanError(file, f"{i.id}.rule", "由旗县报送的为 total 或 each_county", i.rule)


def _free_figure_is_sound(i: Indicator, file: Path) -> None:
    """A figure without a target is a running total or a level; what counties report must be something that adds up."""
    if i.rule not in (Rule.TOTAL, Rule.LATEST):
        raise PlanError(
            file, f"{i.id}.rule", "total（累计）或 latest（期末数）：没有年度目标的数只有这两类", i.rule
        )
    if i.annex:
        raise PlanError(file, f"{i.id}.annex", "没有年度目标的数不在附件里", i.annex)
    if i.reported_by is ReportedBy.COUNTY and i.unit in RATIOS:
        raise PlanError(file, f"{i.id}.unit", "由旗县报送的数能相加（比率、倍数由牵头单位报送）", i.unit)


def _part_is_sound(i: Indicator, catalogue: Catalogue, file: Path) -> None:
    """A part (其中) is counted like its whole: same rule, unit and reporters; and no part has parts of its own."""
    if not i.of:
        return
    whole = catalogue.indicator.get(i.of)
    if whole is None or whole is i:
        raise PlanError(file, f"{i.id}.of", "另一项指标的 id", i.of)
    if whole.of:
        raise PlanError(file, f"{i.id}.of", f"总项的 id（{whole.name}本身是其中项）", i.of)
    for key, own, wanted in (
        ("rule", i.rule, whole.rule), ("unit", i.unit, whole.unit), ("reported_by", i.reported_by, whole.reported_by),
    ):  # fmt: skip
        if own != wanted:
            raise PlanError(file, f"{i.id}.{key}", f"与总项“{whole.name}”相同（{wanted}）", own)
    if i.reporter != whole.reporter:
        raise PlanError(
            file,
            f"{i.id}.of",
            f"由同一单位报送的指标（{whole.name}由 {whole.reporter} 报送）",
            i.reporter or "",
        )
    if i.rule not in (Rule.TOTAL, Rule.LATEST):
        raise PlanError(file, f"{i.id}.of", "累计类或期末类指标的其中项", i.rule)


def _quotation_holds(i: Indicator, file: Path, text: str) -> None:
    if i.is_free and not i.quote:
        return
    wanted = None if i.target is None else i.target * magnitude(i.unit)
    if i.rule is not Rule.MILESTONE and wanted is not None and wanted not in numbers_in(i.quote):
        raise PlanError(file, f"{i.id}.quote", f"含有目标数 {i.target}{i.unit}", f"“{i.quote}”")
    if text and paragraph_of(i.task, text).count(i.quote) != 1:
        raise PlanError(file, f"{i.id}.quote", f"在方案第 {i.task} 项的原文里恰好出现一次", f"“{i.quote}”")


def _annex_agrees(i: Indicator, file: Path, annex: AnnexTargets) -> None:
    if not i.annex:
        return
    if i.annex not in annex:
        raise PlanError(file, f"{i.id}.annex", "annex_targets.csv 的列名", i.annex)
    total = annex[i.annex][TOTAL_ROW]
    if total != i.target:
        raise PlanError(file, f"{i.id}.target", f"与附件总计 {total}{i.unit} 一致", i.target)


def _titles_stand_in_text(catalogue: Catalogue, folder: Path, text: str) -> None:
    for task in catalogue.tasks if text else ():
        if not paragraph_of(task.number, text).startswith(f"{task.number}. {task.title}。"):
            raise PlanError(folder, f"任务{task.number}.title", "方案原文的任务名称", task.title)


def _policy_is_sound(catalogue: Catalogue, path: Path) -> None:
    policy, known = catalogue.policy, catalogue.indicator
    named = (*policy.limits, *policy.seasonal, *policy.city_own_figures.indicators, *policy.delivery.figures,
             *policy.annual.headline_indicators)  # fmt: skip
    for key in named:
        if key not in known:
            raise PlanError(path, key, "已知的指标 id", "未知")
    if not 50 <= policy.documents.quote_at_most <= LONGEST_QUOTE:
        found = policy.documents.quote_at_most
        raise PlanError(
            path, "documents.quote_at_most", f"50 到 {LONGEST_QUOTE}（再长一行放不进一页）", found
        )
    marks = policy.marks
    if not marks.red_at_most_pp < marks.yellow_at_most_pp < 0 < marks.blue_at_least_pp:
        raise PlanError(path, "marks", "红 < 黄 < 0 < 蓝", marks)
    if marks.red_after_yellow_months < 1:
        raise PlanError(path, "marks.red_after_yellow_months", "至少 1", marks.red_after_yellow_months)
    for key, day in (("due_day", policy.reporting.due_day), ("closing_day", policy.reporting.closing_day)):
        if not 1 <= day <= (28 if key == "due_day" else 31):
            raise PlanError(path, f"reporting.{key}", "一个月里的某一天", day)


def _curves_are_sound(catalogue: Catalogue, path: Path) -> None:
    for key, curve in catalogue.policy.seasonal.items():
        shares, name = curve.cumulative_pct, f"seasonal.{key}.cumulative_pct"
        if len(shares) != 12 or list(shares) != sorted(shares) or shares[-1] != 100 or shares[0] < 0:
            raise PlanError(path, name, "十二个不减的累计份额，末尾为 100", list(shares))
        if any(share != float(round_half_up(share, 2)) for share in shares):
            raise PlanError(path, name, "至多两位小数的累计份额", list(shares))


def _pauses_grow(catalogue: Catalogue, path: Path) -> None:
    pauses, attempts = catalogue.policy.delivery.pauses_minutes, catalogue.policy.delivery.attempts
    if len(pauses) != attempts - 1 or list(pauses) != sorted(pauses):
        raise PlanError(
            path,
            "delivery.pauses_minutes",
            f"attempts 减一个、即 {attempts - 1} 个不减的分钟数",
            list(pauses),
        )


def numbers_in(sentence: str) -> list[Decimal]:
    """Every number of a sentence of the plan in whole units: 1.35万人 gives 13500, 至少培育一个 gives 1."""
    return [
        Decimal(_HAN[m["han"]]) if m["han"] else Decimal(m["digits"]) * magnitude(m["scale"])
        for m in _NUMBER.finditer(sentence)
    ]


def paragraph_of(task: int, plan_text: str) -> str:
    """The plan's paragraph of a task; task 0 is the chapter 总体要求. Empty if there is none."""
    if task:
        match = re.search(rf"^{task}\. .+$", plan_text, re.MULTILINE)
    else:
        match = re.search(r"(?<=总体要求\n).+?(?=^二、)", plan_text, re.MULTILINE | re.DOTALL)
    return match[0].strip() if match else ""


def _accounts_are_locked(catalogue: Catalogue, path: Path) -> None:
    """No limit of the accounts is switched off by a zero, and a code does not outlive a day."""
    policy = catalogue.policy.accounts
    ranges = {
        "password_at_least": (policy.password_at_least, 8, 64),
        "password_kinds": (policy.password_kinds, 1, 4),
        "password_days": (policy.password_days, 1, 3650),
        "wrong_passwords": (policy.wrong_passwords, 1, 20),
        "locked_minutes": (policy.locked_minutes, 1, 1440),
        "code_minutes": (policy.code_minutes, 1, 1440),
    }
    for key, (value, least, most) in ranges.items():
        if not least <= value <= most:
            raise PlanError(path, f"accounts.{key}", f"{least} 到 {most} 的整数", value)
    for key in ("review", "sign", "register", "manage"):
        if AccountRole.REPORTER in getattr(policy, key):
            raise PlanError(
                path, f"accounts.{key}", "本单位的角色，不含 reporter（填报）", AccountRole.REPORTER
            )
