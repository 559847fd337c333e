"""contacts.toml: who gets what, and what is refused with its key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.issuing.mail.contacts import Contacts, load_contacts
from flows.plan.catalogue import Catalogue
from flows.plan.letter import Role
from flows.plan.load import load
from flows.plan.plan_file import PlanError

PLAN = Path(__file__).parents[3] / "plan" / "2025"
EXAMPLE = PLAN / "contacts.example.toml"


@pytest.fixture(scope="session")
def plan_of_2025() -> Catalogue:
    return load(PLAN)


@pytest.fixture
def edited(tmp_path: Path, plan_of_2025: Catalogue) -> Callable[[str, str], Contacts]:
    """The example with one thing changed, read."""

    def read(old: str, new: str) -> Contacts:
        text = EXAMPLE.read_text(encoding="utf-8")
        assert text.count(old) == 1
        file = tmp_path / "contacts.toml"
        file.write_text(text.replace(old, new), encoding="utf-8")
        return load_contacts(file, plan_of_2025)

    return read


def test_the_bulletin_goes_to_nine_counties_and_twelve_departments_with_four_copies(
    plan_of_2025: Catalogue,
) -> None:
    found = load_contacts(EXAMPLE, plan_of_2025).addressees("monthly_dispatch")
    assert [one.role for one in found] == [Role.TO] * (9 + 12) + [Role.CC] * 4
    assert (found[2].unit, found[2].unit_name, found[2].address) == (
        "kailu",
        "开鲁县",
        "jiuyeban@kailu.example",
    )
    assert found[-2].unit_name == "市人民政府办公室"


def test_a_countys_own_document_goes_to_that_county_alone(plan_of_2025: Catalogue) -> None:
    contacts = load_contacts(EXAMPLE, plan_of_2025)
    assert [(one.unit, one.role) for one in contacts.addressees("monthly_dispatch", "hure")] == [
        ("hure", Role.TO)
    ]
    urging = contacts.addressees("urging", "trade_union")
    assert [(one.unit, one.role) for one in urging] == [
        ("trade_union", Role.TO),
        ("government_office", Role.CC),
    ]


def test_a_unit_named_twice_counts_once_as_the_first(edited: Callable[[str, str], Contacts]) -> None:
    contacts = edited('commendation = { to = ["government_office"] }',
                      'commendation = { to = ["kailu", "counties"], cc = ["kailu"] }')  # fmt: skip
    assert [one.role for one in contacts.addressees("commendation")] == [Role.TO] * 9


def test_a_unit_without_an_address_is_there_without_one(edited: Callable[[str, str], Contacts]) -> None:
    contacts = edited('hure = { addresses = ["jiuyeban@hure.example"] }\n', "")
    assert [one.unit for one in contacts.addressees("monthly_dispatch") if not one.address] == ["hure"]


def test_a_unit_may_have_several_addresses(edited: Callable[[str, str], Contacts]) -> None:
    contacts = edited('"jiuyeban@hure.example"', '"jiuyeban@hure.example", "bangongshi@hure.example"')
    assert len(contacts.addressees("monthly_dispatch", "hure")) == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"jiuyeban@hure.example"', '"库伦旗就业办"', r"units.hure.addresses\[1\]：应为邮箱地址"),
        ('"jiuyeban@hure.example"', '"a@hure.example\\nBcc: b@c.example"', r"units.hure.addresses\[1\]"),
        ('"jiuyeban@hure.example"', '"jiuyeban@naiman.example"', "应为各单位自己的地址，实为 jiuyeban@naiman.example"),
        ('"jiuye@rsj.example"', "", "operator.addresses：应为恰好一个地址，实为 0"),
        ('name = "市委办公室", ', "", "units.party_office.name：应为写明名称"),
        ('name = "市委办公室", ', 'name = "市委办公室\\n抄送", ', "units.party_office.name：应为一行文字"),
        ('"jiuye@rsj.example"', '"jiuye@rsj.example\\n"', r"operator.addresses\[1\]：应为邮箱地址"),
        ("hure = { addresses", 'hure = { name = "库伦", addresses', "units.hure.name：应为不写"),
        ("hure = { addresses", "hure = { adresses", "units.hure.adresses：应为已知的键"),
        ('to = ["counties", "departments"]', 'to = ["contees"]', "documents.monthly_dispatch.to：应为"),
        ('to = ["counties", "departments"]', 'to = ["addressee"]', "只用于 documents_to_one"),
        ('to = ["counties", "departments"]', "to = []", "至少一个主送单位"),
        ("[documents]", "[document]", "document：应为已知的键"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_with_its_key(
    edited: Callable[[str, str], Contacts], old: str, new: str, says: str
) -> None:
    with pytest.raises(PlanError, match=says) as refusal:
        edited(old, new)
    assert str(refusal.value).startswith("contacts.toml · ")


def test_a_kind_nobody_is_named_for_is_a_sentence(plan_of_2025: Catalogue) -> None:
    with pytest.raises(PlanError, match=r"documents.correction：应为写明主送 to 和抄送 cc，实为 没有这一节"):
        load_contacts(EXAMPLE, plan_of_2025).addressees("correction")


def test_no_contacts_at_all_is_a_sentence(tmp_path: Path, plan_of_2025: Catalogue) -> None:
    with pytest.raises(
        PlanError,
        match=r"contacts.toml · 文件：应为在 .+ 里（照 .+contacts.example.toml 写，只有本人可读），实为 没有",
    ):
        load_contacts(tmp_path / "contacts.toml", plan_of_2025)
