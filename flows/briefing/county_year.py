"""One county's year (得分明细): how its score came about, line by line, and what one unit more would change."""

from flows.briefing.annual import score_tables, year_context
from flows.briefing.assessment import Assessment, assessment
from flows.briefing.document import Document, Frames, Issue
from flows.briefing.figures import Figures
from flows.briefing.manifest import is_sample, manifest
from flows.briefing.monthly import document_number, monthly_facts
from flows.briefing.typeset import Enclosure, Typesetter, sheet
from flows.briefing.workbook import workbook
from flows.catalogue.catalogue import Catalogue
from flows.catalogue.period import Period

TEMPLATE = "county_year.html.j2"


def make_county(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter, county_id: str
) -> Document:
    """The score sheet of one county with its workbook, figures.csv and manifest."""
    facts, scores = monthly_facts(frames, catalogue, period), assessment(frames, catalogue)
    county = next(c for c in scores.counties if c.county == county_id)
    lines = [f"关于{county.name}{period.long_label}", f"{catalogue.plan.short_name}评估得分的反馈单"]
    title, author, sample = "".join(lines), catalogue.policy.documents.issuer, is_sample(frames)
    csv = Figures(frames.figures.filter(frames.figures["county"] == county_id)).csv()
    place = next(c for c in catalogue.counties if c.id == county_id)
    prefix = catalogue.policy.documents.letter_prefix
    pdf = typesetter.pdf(
        TEMPLATE,
        {
            "sheet": sheet(
                title, author, "年度评估反馈", issue.as_of, draft=not issue.approved, sample=sample
            ),
            **year_context(facts, scores, frames, catalogue, issue),
            "title_lines": lines,
            "county": county,
            "addressee": f"{county.name}{'人民政府' if place.county_level else '管委会'}",
            "document_number": document_number(prefix, issue.issued_on.year, issue.number),
        },
        issue.as_of,
        [Enclosure("figures.csv", csv, "本反馈单所用数据")],
    )
    book = workbook(
        score_tables(Assessment((county,), scores.limit), period), title, author, issue.as_of,
        "示例数据 并非真实" if sample else "",
    )  # fmt: skip
    files = {"pdf": pdf, "xlsx": book, "figures.csv": csv}
    made = manifest(str(period), title, issue, frames, typesetter.faces, files)
    return Document(f"{period}_{county.name}年度得分反馈单", title, pdf, book, csv, made)
