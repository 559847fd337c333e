"""A task (任务): one of the plan's numbered undertakings and who leads it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """A numbered task: `lead` is a department id, `support` the supporting agencies as printed."""

    number: int
    title: str
    lead: str
    support: tuple[str, ...]
    chapter: str
    section: str
