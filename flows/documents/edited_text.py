"""Read what somebody wrote in place of a paragraph (读改写的文字): every number of it is found among those the document may
print, or refused with a sentence that names it.

A number is a token (`{2:8123人}`), or stands in the text as the document prints it; one from elsewhere is marked
`[[123人|来源：市统计局]]`. Nobody can alter one, give it to another county or indicator, or turn more into less.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flows.documents.known_numbers import Context, KnownNumbers
from flows.documents.paragraphs import TOKEN, UNIT, Chip, Paragraph, token

MAX_CHARACTERS = 5000
OUTSIDE = re.compile(r"\[\[([^\[\]|{}]+)\|\s*(?:来源[：:])?\s*([^\[\]|{}]+?)\s*\]\]")
DATE = re.compile(
    r"(?:(?P<from_year>\d{4})[—－-])?(?P<year>\d{4})年(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?)?"
    r"|(?:(?P<from_month>\d{1,2})[—－-])?(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_MARK = re.compile(f"{TOKEN.pattern}|{OUTSIDE.pattern}")
_NOT_BEFORE = re.compile(r"[\d.+\-−－±负〇零一二两三四五六七八九十百千万亿点]")
_NOT_AFTER = re.compile(r"[\d余多来几百千万亿]|\.\d")
_SENTENCE_END = "。；！？\n"
_CHINESE = "〇零一二两三四五六七八九十百千万亿"
_SPELLED = re.compile(
    f"百分之[{_CHINESE}点]+|[{_CHINESE}]{{2,}}[余多]?(?:个百分点|人次|场次|[人户家个项元亩名期件]|万元)|"
    f"[{_CHINESE}]成(?=以上|左右|多|[，。；、）]|$)"
)


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of the text that is accounted for: a number under its token's key, a number from elsewhere, a date."""

    start: int
    end: int
    token: str
    key: str = ""
    chip: Chip | None = None

    @property
    def is_figure(self) -> bool:
        return self.chip is not None and self.chip.is_figure


def read_edit(typed: str, paragraph: Paragraph, numbers: KnownNumbers) -> tuple[str, tuple[str, ...]]:
    """The text with a token for every number, a line a paragraph, and why it cannot be taken, a sentence a fault."""
    reader = _Reader(paragraph, numbers)
    text = reader.read(_cleaned(typed))
    if not text and paragraph.lead:
        reader.faults.append(f"“{paragraph.lead}”有序号或题头，文字不能全部删去")
    return text, tuple(dict.fromkeys(reader.faults))


def _cleaned(typed: str) -> str:
    """Lines without blanks around them, characters that nobody sees taken out, full-width digits narrowed."""
    seen = "".join(
        c for c in typed if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
    )
    narrow = re.sub("[０-９％]", lambda found: chr(ord(found[0]) - 0xFEE0), seen)
    narrow = re.sub(r"(?<=\d)．(?=\d)", ".", narrow)
    return "\n".join(line.strip() for line in narrow.split("\n") if line.strip())


class _Reader:
    """One reading; collects its faults."""

    def __init__(self, paragraph: Paragraph, numbers: KnownNumbers) -> None:
        self.faults: list[str] = []
        self._paragraph, self._numbers = paragraph, numbers
        self._text, self._spans = "", list[_Span]()

    def read(self, typed: str) -> str:
        """The text with tokens; whatever is wrong is among the faults."""
        if len(typed) > MAX_CHARACTERS:
            self.faults.append(f"一段最多 {MAX_CHARACTERS} 字，现有 {len(typed)} 字")
            return typed
        self._expand(typed)
        for found in re.finditer(r"[{}]|\[\[|\]\]", self._text):
            self.faults.append(
                f"“{self._excerpt(found.start(), found.end())}”：{{}} 和 [[ ]] 只用来标数，这里不成对或写法不对"
            )
        self._match_quotations()
        self._match_numbers()
        for span in self._spans:
            if span.chip and (why := self._misfit(span.start, span.end, span.key, span.chip)):
                self.faults.append(why)
        self._read_dates()
        self._refuse_spelled()
        return self._with_tokens()

    def _expand(self, typed: str) -> None:
        """Take the tokens and marks for what they stand for."""
        at = 0
        for found in _MARK.finditer(typed):
            self._text += typed[at : found.start()]
            at = found.end()
            start = len(self._text)
            if found[1]:
                self._text += found[2]
                self._take_token(start, found[1].strip(), found[2])
            else:
                self._text += found[3]
                if not _NUMBER.search(found[3]):
                    self.faults.append(f"“{found[0]}”里没有数，不必注来源")
                self._spans.append(_Span(start, len(self._text), f"[[{found[3]}|来源：{found[4]}]]"))
        self._text += typed[at:]

    def _take_token(self, start: int, key: str, text: str) -> None:
        chip = self._numbers.chip(key, self._paragraph)
        if chip is None:
            self.faults.append(f"“{token(key, text)}”：本件没有编号为 {key} 的数")
        elif chip.text != text:
            self.faults.append(f"“{text}”改过了，应为“{chip.text}”；数不能改，只由填报单位重新报送来改")
        self._spans.append(_Span(start, len(self._text), token(key, text), key, chip))

    def _match_quotations(self) -> None:
        """Find what the paragraph quotes that has no digit to be found by."""
        used = {span.key for span in self._spans}
        for number, chip in enumerate(self._paragraph.chips, 1):
            start = self._text.find(chip.text)
            while self._is_taken(start):  # by an equal one before it
                start = self._text.find(chip.text, start + 1)
            if _NUMBER.search(chip.text) or start < 0 or str(number) in used:
                continue
            end = start + len(chip.text)
            self._spans.append(_Span(start, end, token(str(number), chip.text), str(number), chip))

    def _match_numbers(self) -> None:
        """Find the numbers that stand in the text as the document prints them."""
        used = {span.key for span in self._spans}
        for found in _NUMBER.finditer(self._text):
            if self._is_taken(found.start()):
                continue
            fitting: list[tuple[str, Chip, int, str]] = []
            misfits: list[tuple[str, Chip, int, str]] = []
            for key, chip, start in self._candidates(found.start()):
                why = self._misfit(start, start + len(chip.text), key, chip)
                (misfits if why else fitting).append((key, chip, start, why))
            if fitting:
                key, chip, start, _ = next((one for one in fitting if one[0] not in used), fitting[0])
                used.add(key)
                self._spans.append(_Span(start, start + len(chip.text), token(key, chip.text), key, chip))
            elif misfits and not DATE.match(self._text, found.start()):
                self.faults.append(misfits[0][3])
                self._spans.append(_Span(found.start(), found.end(), found[0]))

    def _candidates(self, at: int) -> Iterator[tuple[str, Chip, int]]:
        """The numbers printed so where the digits at a place begin: this paragraph's, then references and quotations of
        the others, then the figures of what the words before speak of."""
        others = [
            (f"{one.id}.{number}", chip)
            for one in self._numbers.paragraphs
            if one is not self._paragraph
            for number, chip in enumerate(one.chips, 1)
            if not chip.is_figure and all(printed.kind in {"wording", "quotation"} for printed in chip.prints)
        ]
        own = [(str(number), chip) for number, chip in enumerate(self._paragraph.chips, 1)]
        named = self._numbers.figures_named(self._context(at))
        for key, chip in (*own, *others, *named):
            first = _NUMBER.search(chip.text)
            start = at - first.start() if first else -1
            if start >= 0 and self._text.startswith(chip.text, start) and not self._is_taken(start):
                yield key, chip, start

    def _misfit(self, start: int, end: int, key: str, chip: Chip) -> str:
        """Why a number cannot stand there; empty where it can."""
        last = chip.prints[-1].end - chip.start
        shown = f"“{self._excerpt(start, end)}”"
        is_cut = _NOT_BEFORE.match(self._text, start - 1) if start and chip.text[0].isdigit() else None
        if is_cut or _NOT_AFTER.match(self._text, end):
            return f"{shown}：“{chip.text}”前后接上了别的数字，数不能改"
        unit = UNIT.match(self._text, start + last)
        if chip.text[last - 1 : last].isdigit() and unit and unit[0] != chip.text[last:]:
            return f"{shown}：“{chip.text}”的单位不能改成“{unit[0]}”"
        if not chip.is_figure:
            return ""
        return self._misread(
            shown, chip.text, self._context(start), self._numbers.meaning(key, chip, self._paragraph)
        )

    def _misread(self, shown: str, number: str, found: Context, meant: Context) -> str:
        """Whether the words make something else of a number than it is."""
        if not found.is_of(meant):
            return f"{shown}：“{number}”是{self._numbers.area_name(meant.area)}的数，前面最近写的是{self._numbers.area_name(found.area)}"
        if found.indicator != meant.indicator:
            name = {one.id: one.name for one in self._numbers.catalogue.indicators}
            wanted = (
                f"前面最近要写明“{name[meant.indicator]}”"
                if meant.indicator
                else f"不是“{name[found.indicator]}”的数"
            )
            return f"{shown}：“{number}”{wanted}"
        if lost := sorted(meant.senses - found.senses):
            return f"{shown}：“{number}”前面要写明“{'”“'.join(lost)}”，与原文一致"
        if added := sorted(found.senses - meant.senses):
            return f"{shown}：“{number}”原文没有“{'”“'.join(added)}”的意思"
        return ""

    def _context(self, at: int) -> Context:
        lead = self._paragraph.lead
        return self._numbers.context(lead + self._text, len(lead) + at)

    def _read_dates(self) -> None:
        """Take what is left of digits as dates where nothing is counted in the same sentence; refuse the rest."""
        for found in _NUMBER.finditer(self._text):
            if self._is_taken(found.start()):
                continue
            on = DATE.match(self._text, found.start())
            shown = self._excerpt(found.start(), on.end() if on else found.end())
            end = on.end() if on else found.end()
            if on is None or not _is_date(on):
                self.faults.append(
                    f"“{shown}”：{found[0]} 不是本件的数；用本件的数要照原样连单位写，"
                    f"别处的数要注明来源：[[{found[0]}|来源：……]]"
                )
            elif self._has_figure(on.start(), on.end()):
                self.faults.append(f"“{shown}”：同一句里有本件的数，时间“{on[0]}”不能另写")
            self._spans.append(_Span(found.start(), end, self._text[found.start() : end]))

    def _has_figure(self, start: int, end: int) -> bool:
        """Whether a number of the data stands in the same sentence."""
        first = max(self._text.rfind(mark, 0, start) for mark in _SENTENCE_END) + 1
        ends = [at for mark in _SENTENCE_END if (at := self._text.find(mark, end)) >= 0]
        last = min(ends, default=len(self._text))
        return any(span.is_figure and first <= span.start < last for span in self._spans)

    def _refuse_spelled(self) -> None:
        """Numbers in Chinese characters or odd ones, which nobody could compare with a fact."""
        for found in _SPELLED.finditer(self._text):
            if not self._is_taken(found.start()) and found[0] not in self._paragraph.plain:
                self.faults.append(
                    f"“{self._excerpt(found.start(), found.end())}”：{found[0]}要用阿拉伯数字写，以便核对"
                )
        for at, character in enumerate(self._text):
            is_odd = unicodedata.category(character) in {"Nl", "No"} or (
                character.isdecimal() and not character.isascii()
            )
            if is_odd and character not in _CHINESE and not self._is_taken(at):
                self.faults.append(
                    f"“{self._excerpt(at, at + 1)}”：“{character}”请改用一般的数字或“一是”“（一）”"
                )

    def _with_tokens(self) -> str:
        text, at = "", 0
        for span in sorted(self._spans, key=lambda span: span.start):
            text += self._text[at : span.start] + span.token
            at = span.end
        return text + self._text[at:]

    def _is_taken(self, at: int) -> bool:
        return any(span.start <= at < span.end for span in self._spans)

    def _excerpt(self, start: int, end: int) -> str:
        """A number with the words before it, for a sentence."""
        return self._text[max(0, start - 8) : end + 2].replace("\n", " ")


def _is_date(found: re.Match[str]) -> bool:
    """Whether there is such a day, month or year."""
    year = int(found["year"] or 2000)  # a leap year: 2月29日 may be one
    month, day = found["m"] or found["month"] or "1", found["d"] or found["day"] or "1"
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    first = int(found["from_month"] or 1)
    return 1949 <= year < 2100 and 1 <= first <= 12 and int(found["from_year"] or 1949) <= year
