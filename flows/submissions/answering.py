"""Answers that came by letter or telephone (登记说明): noted down by the office, given by the reporter.

A reason is all that can be noted: a figure is changed by the reporter's own workbook and by nothing else.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Question
from flows.plan.terms import Tier
from flows.submissions.form.form_spec import month_label
from flows.submissions.formats.persons import identifies
from flows.submissions.reading.cells import fold
from flows.submissions.reading.words import answer_in
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import Columns
from flows.warehouse.questions import LONG_AFTER, open_questions, questions

_TELEPHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")


class AnswerError(ValueError):
    """What was typed is no answer that can be noted down: says why."""


class SettledError(RuntimeError):
    """There is nothing to answer there any more, or it is not for words to settle: says which."""


def answer(
    warehouse: Warehouse,
    catalogue: Catalogue,
    number: str,
    text: str,
    by: str,
    at: datetime,
    recorded_by: Columns,
) -> Question:
    """Note down a reporter's reason for one open query; AnswerError or SettledError where that cannot be."""
    number, said = fold(number), _reason(text)
    question = questions(warehouse, [number], LONG_AFTER).get(number)
    if question is None:
        raise AnswerError(f"没有编号 {number}；不带参数运行 diaodu answer 可列出全部待核实事项")
    _refuse_what_is_settled(question)
    row = {
        "question_number": question.number,
        "answered_at": at,
        "answer": said,
        "answered_by": _who(by, question, catalogue),
        **recorded_by,
    }
    warehouse.append([("answer", row)])
    return question


def _reason(text: str) -> str:
    if identifies(text) or _TELEPHONE.search(text):
        raise AnswerError("说明里有身份证号或电话号码，请去掉后再登记")
    said = answer_in(text)
    if said is None:
        raise AnswerError(f"“{text}”没有说出原因：请写清楚为什么是这个数，写“核实无误”不算说明")
    return said


def _who(by: str, question: Question, catalogue: Catalogue) -> str:
    if identifies(by) or re.search(r"\d{7}", by):
        raise AnswerError("--by 只写单位或科室，不写个人电话")
    return by.strip() or catalogue.name_of(question.reporter)


def _refuse_what_is_settled(question: Question) -> None:
    number, month = question.number, month_label(question.month)
    if question.tier is Tier.ERROR:
        raise SettledError(
            f"编号 {number} 是需要改正的错误，不能只作说明：请填报单位改正{month}报表后重新报送"
        )
    if not question.in_force:
        raise SettledError(
            f"编号 {number} 是{month}较早一版报表的事项，该月已重新报送；仍待核实的，用 diaodu answer 可查到新编号"
        )
    if question.answer is not None:
        raise SettledError(f"编号 {number} 已有说明：{question.answer}")


def open_lines(warehouse: Warehouse, catalogue: Catalogue) -> Iterator[str]:
    """Every query of the plan's year that waits for its reason, under the name of who is asked."""
    year = catalogue.plan.year
    waiting = open_questions(warehouse, f"{year}-01", f"{year}-12", LONG_AFTER)
    yield f"{year}年待核实事项 {len(waiting)} 项" + ("" if waiting else "。")
    for reporter in catalogue.reporters:
        own = [question for question in waiting if question.reporter == reporter.id]
        if own:
            yield f"{reporter.name}（{len(own)} 项）"
        yield from (f"  {line}" for question in own for line in described(question))


def described(question: Question) -> Iterator[str]:
    """编号, month and cell on one line, the question on the next."""
    yield f"{question.number}  {month_label(question.month)} {question.place}"
    yield f"    {question.description}"
