"""A kind of document that exists in a test alone: what CONTRIBUTING.md asks for, and nothing else."""

from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figures
from flows.documents.kinds.context import office_facts, words_for
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period

TEMPLATE = """{% extends "official.html.j2" %}
{% import "macros/official.html.j2" as official with context %}
{% block document %}
{{ official.red_head(policy.documents.issuer, document_number) }}
{{ official.title(title_lines) }}
{% call official.p("headline", indicator=figure.indicator) %}
{{ indicator_name(figure.indicator) }}累计{{ figure.ytd | amount(figure.unit) }}，完成年度任务的{{ figure.attainment_pct | percent }}。
{% endcall %}
{{ official.signature(policy.documents.issuer, issue.issued_on | day) }}
{% endblock %}
"""


def make(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter
) -> Document:
    """One sentence on the city's new urban jobs."""
    figures = Figures(frames.figures, catalogue)
    manuscript = Manuscript(
        name=f"{period}_工作快报",
        title_lines=[f"{period.long_label}就业工作快报"],
        subject="工作快报",
        period=str(period),
        series=catalogue.policy.documents.number_prefix,
        template="work_brief.html.j2",
        context={
            **office_facts(catalogue, period),
            **words_for(catalogue),
            "issue": issue,
            "figure": figures.of("urban_new_jobs"),
        },
        tables=[],
        figures_csv=figures.csv(),
        figures=figures.frame,
        has_record=False,
    )
    return finish(manuscript, frames, catalogue, issue, typesetter)
