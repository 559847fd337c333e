"""One county's year (得分明细): how its score came about, line by line, and what one unit more would change."""

from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figures
from flows.documents.kinds.annual import score_tables, year_context
from flows.documents.kinds.assessment import Assessment, assessment
from flows.documents.kinds.monthly import monthly_facts
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period

TEMPLATE = "county_year.html.j2"


def make_county(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter, county_id: str
) -> Document:
    """The score sheet of one county with its workbook, figures.csv and manifest."""
    facts, scores = monthly_facts(frames, catalogue, period), assessment(frames, catalogue)
    county = next(c for c in scores.counties if c.county == county_id)
    own = frames.figures.filter(frames.figures["county"] == county_id)
    place = next(c for c in catalogue.counties if c.id == county_id)
    manuscript = Manuscript(
        name=f"{period}_{county.name}年度得分反馈单",
        title_lines=[
            f"关于{county.name}{period.long_label}",
            f"{catalogue.plan.short_name}评估得分的反馈单",
        ],
        subject="年度评估反馈",
        period=str(period),
        series=catalogue.policy.documents.letter_prefix,
        template=TEMPLATE,
        context={
            **year_context(facts, scores, frames, catalogue, issue),
            "county": county,
            "addressee": f"{county.name}{'人民政府' if place.county_level else '管委会'}",
        },
        tables=score_tables(Assessment((county,), scores.limit), period),
        figures_csv=Figures(own).csv(),
        figures=own,
        county=county_id,
        has_record=False,
    )
    return finish(manuscript, frames, catalogue, issue, typesetter)
