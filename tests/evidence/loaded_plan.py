"""The plan, loaded when this is imported: a process forked afterwards has it at hand."""

from flows.plan.load import plan_of
from flows.settings import Settings

plan_of(Settings())
