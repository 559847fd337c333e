"""Every template and style sheet of the project is whole."""

from pathlib import Path

import pytest
import tinycss2

from flows.desk.desk import Desk
from flows.documents.pdf.fonts import Fonts, Role
from flows.documents.pdf.markup import environment
from flows.documents.pdf.typeset import TEMPLATES
from flows.settings import Settings

PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.j2"))
OF_THE_DESK = [name for name in PAGES if name.startswith("desk/")]
STYLES = sorted(TEMPLATES.glob("css/*.css"))


@pytest.mark.parametrize("name", [name for name in PAGES if name not in OF_THE_DESK])
def test_every_template_of_a_document_compiles(name: str) -> None:
    environment(Fonts({}), [TEMPLATES]).get_template(name)


@pytest.mark.parametrize("name", OF_THE_DESK)
def test_every_page_of_the_desk_compiles(name: str, tmp_path: Path) -> None:
    Desk(Settings(data=tmp_path))._templates.get_template(name.removeprefix("desk/"))


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_style_sheet_parses(path: Path) -> None:
    rules = tinycss2.parse_stylesheet(path.read_text("utf-8"), skip_comments=True, skip_whitespace=True)
    assert not [rule for rule in rules if rule.type == "error"]


def test_every_font_of_a_role_is_named_in_the_style_and_looked_for_in_the_same_order() -> None:
    css = (TEMPLATES / "css" / "fonts.css").read_text("utf-8")
    for role in Role:
        others = [str(other) for other in Role if other is not role]
        assert f"--{role}: {', '.join([role, *others])};" in css
        assert f"src: url(font:{role})" in css
