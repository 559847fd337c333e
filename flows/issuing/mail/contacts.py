"""The contacts (通讯录, contacts.toml): which unit reads its mail where, and which document goes to whom."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flows.plan.catalogue import Catalogue
from flows.plan.letter import Role
from flows.plan.plan_file import PlanError, build, read_toml

COUNTIES, DEPARTMENTS, ADDRESSEE = "counties", "departments", "addressee"
GROUPS = {COUNTIES: "各旗县市区", DEPARTMENTS: "各牵头单位", ADDRESSEE: "文件所对的那个地区或单位"}
EXAMPLE = "plan/2025/contacts.example.toml"
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")


@dataclass(frozen=True)
class Unit:
    """A unit (单位) with its mail addresses. Reporters are named by the plan; `name` is for all others."""

    addresses: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Distribution:
    """Who gets documents of a kind: 主送 `to` and 抄送 `cc`, ids of units or of groups."""

    to: tuple[str, ...]
    cc: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notify:
    """The office's own command that is given what is new, with its arguments; empty for none."""

    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class _File:
    operator: Unit
    units: Mapping[str, Unit] = field(default_factory=dict)
    documents: Mapping[str, Distribution] = field(default_factory=dict)
    documents_to_one: Mapping[str, Distribution] = field(default_factory=dict)
    notify: Notify = field(default_factory=Notify)


@dataclass(frozen=True, slots=True)
class Addressee:
    """One address a document goes to, of which unit, as what. `address` is empty where the contacts have none."""

    unit: str
    unit_name: str
    role: Role
    address: str


@dataclass(frozen=True)
class Contacts:
    """The file, checked against the plan's reporters. `operator` is notified of what could not be sent."""

    file: Path
    operator: str
    units: Mapping[str, Unit]
    documents: Mapping[str, Distribution]
    documents_to_one: Mapping[str, Distribution]
    catalogue: Catalogue
    notify: Notify = field(default_factory=Notify)

    def addressees(self, kind: str, county: str = "") -> tuple[Addressee, ...]:
        """Who gets a document of this kind; with `county` (or a department) its own version. A unit named twice
        counts once, as 主送. PlanError where the file does not say."""
        table, key = (self.documents_to_one, "documents_to_one") if county else (self.documents, "documents")
        if kind not in table:
            raise PlanError(self.file, f"{key}.{kind}", "写明主送 to 和抄送 cc", "没有这一节")
        said = table[kind]
        roles: dict[str, Role] = {}
        for role, names in ((Role.TO, said.to), (Role.CC, said.cc)):
            for unit in self._members(names, county):
                roles.setdefault(unit, role)
        return tuple(one for unit, role in roles.items() for one in self.of_unit(unit, role))

    def of_unit(self, unit: str, role: Role) -> tuple[Addressee, ...]:
        """A unit's addresses as addressees: one with an empty address where it has none."""
        addresses = self.units[unit].addresses if unit in self.units else ()
        return tuple(Addressee(unit, self.name_of(unit), role, a) for a in addresses or ("",))

    def unit_at(self, address: str) -> str | None:
        """Whose address it is; null for nobody's."""
        wanted = address.lower()
        return next((u for u, one in self.units.items() if wanted in map(str.lower, one.addresses)), None)

    def name_of(self, unit: str) -> str:
        """The name that stands on the letter."""
        return self.catalogue.name_of(unit) if unit in self.catalogue.reporter else self.units[unit].name

    def _members(self, names: Iterable[str], county: str) -> Iterable[str]:
        groups = {
            COUNTIES: [c.id for c in self.catalogue.counties],
            DEPARTMENTS: [d.id for d in self.catalogue.departments],
            ADDRESSEE: [county],
        }
        return (unit for name in names for unit in groups.get(name, [name]))


def load_contacts(path: Path, catalogue: Catalogue) -> Contacts:
    """Read contacts.toml; PlanError (file, key, expected, found) for anything that cannot be right."""
    if not path.exists():
        raise PlanError(path, "文件", f"在 {path.parent} 里（照 {EXAMPLE} 写，只有本人可读）", "没有这个文件")
    file = build(_File, read_toml(path), path, "")
    if len(file.operator.addresses) != 1:
        raise PlanError(path, "operator.addresses", "恰好一个地址", len(file.operator.addresses))
    for key, unit in (("operator", file.operator), *((f"units.{u}", one) for u, one in file.units.items())):
        _check_addresses(path, key, unit)
    _check_names(path, file, catalogue)
    _check_shared(path, file)
    for table, kinds in (("documents", file.documents), ("documents_to_one", file.documents_to_one)):
        for kind, said in kinds.items():
            _check_distribution(path, f"{table}.{kind}", said, file, catalogue)
    return Contacts(
        path,
        file.operator.addresses[0],
        file.units,
        file.documents,
        file.documents_to_one,
        catalogue,
        file.notify,
    )


def _check_addresses(path: Path, key: str, unit: Unit) -> None:
    for number, address in enumerate(unit.addresses, 1):
        if not _ADDRESS.fullmatch(address):
            raise PlanError(path, f"{key}.addresses[{number}]", "邮箱地址，如 jyk@example.cn", repr(address))


def _check_names(path: Path, file: _File, catalogue: Catalogue) -> None:
    for unit, one in file.units.items():
        if unit in GROUPS:
            raise PlanError(path, f"units.{unit}", f"单位，不是收件范围（{'、'.join(GROUPS)}）", unit)
        if unit in catalogue.reporter and one.name:
            raise PlanError(path, f"units.{unit}.name", "不写（名称以方案为准）", one.name)
        if not one.name.isprintable():
            raise PlanError(path, f"units.{unit}.name", "一行文字", repr(one.name))
        if unit not in catalogue.reporter and not one.name.strip():
            raise PlanError(path, f"units.{unit}.name", "写明名称（方案里没有这个单位）", "没有")


def _check_shared(path: Path, file: _File) -> None:
    owner: dict[str, str] = {}
    for unit, one in file.units.items():
        for address in one.addresses:
            before = owner.setdefault(address.lower(), unit)
            if before != unit or [a.lower() for a in one.addresses].count(address.lower()) > 1:
                raise PlanError(
                    path, f"units.{unit}.addresses", "各单位自己的地址", f"{address} 也列在 {before}"
                )


def _check_distribution(path: Path, key: str, said: Distribution, file: _File, catalogue: Catalogue) -> None:
    known = {*GROUPS, *file.units, *catalogue.reporter}
    if not said.to:
        raise PlanError(path, f"{key}.to", "至少一个主送单位", "空")
    for role, names in (("to", said.to), ("cc", said.cc)):
        for name in names:
            if name not in known:
                raise PlanError(path, f"{key}.{role}", "[units] 或方案里的单位，或收件范围", name)
            if name == ADDRESSEE and key.startswith("documents."):
                raise PlanError(path, f"{key}.{role}", f"单位（{ADDRESSEE} 只用于 documents_to_one）", name)
