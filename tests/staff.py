"""The accounts of the tests' offices: made where they are missing, each with the roles that its name says."""

from flows.accounts.accounts import Actor
from flows.office import Office
from flows.plan.terms import AccountRole
from flows.settings import Settings

TYPED = "Kouling-2025"  # the password of each
ROLES = {"审核": AccountRole.REVIEWER, "签发": AccountRole.SIGNER, "管理": AccountRole.ADMIN}
NAMES = ("经办岗", "审核岗", "签发岗")


def actor(settings: Settings, name: str = "经办岗", instructed_by: str = "") -> Actor:
    """The account of that name, logged in."""
    office = Office(settings)
    if name not in office.accounts.all():
        roles = [role for word, role in ROLES.items() if word in name] or [AccountRole.CLERK]
        office.accounts.add(name, roles, TYPED, office.now(), None)
    return Actor(office.accounts.all()[name], instructed_by)


def typed(name: str = "经办岗") -> list[str]:
    """The arguments of a command carried out by that account, whose password comes from standard input."""
    return ["--account", name, "--password-stdin"]
