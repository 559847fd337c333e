"""What counts as an answer (核实答复): a real reason, not an assurance."""

import re

from flows.submissions.form.layout import NO_ANSWER_WORDS, SHORTEST_ANSWER
from flows.submissions.reading.cells import is_blank

_NOT_WORDS = re.compile(r"[\W_]+")


def answer_in(reason: str) -> str | None:
    """The reason itself if it says something; None for a blank, 核实无误 and the like, or a word or two."""
    if is_blank(reason):
        return None
    left = _NOT_WORDS.sub("", reason)
    for phrase in NO_ANSWER_WORDS:
        left = left.replace(phrase, "")
    return reason.strip() if len(left) >= SHORTEST_ANSWER else None
