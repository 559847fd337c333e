"""The fonts (字体) a document is set in: which file each role uses, and what that file can print."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from fontTools.ttLib import TTFont


class Role(StrEnum):
    """What a font is for (GB/T 9704-2012, 5.2.2 and 7); the value is the CSS family name."""

    BODY = "fangsong"
    LEAD = "kaiti"
    HEADING = "heiti"
    TITLE = "xiaobiaosong"
    FOLIO = "songti"


# File names without suffix, in lower case. The official font first, then the free one in its place.
CANDIDATES: dict[Role, tuple[str, ...]] = {
    Role.BODY: ("仿宋_gb2312", "simfang_gb2312", "simfang", "fandolfang-regular"),
    Role.LEAD: ("楷体_gb2312", "simkai_gb2312", "simkai", "fandolkai-regular"),
    Role.HEADING: ("黑体", "simhei", "fandolhei-regular"),
    Role.TITLE: ("方正小标宋简体", "方正小标宋_gbk", "fzxbsjw", "fzxbsk", "fandolsong-bold"),
    Role.FOLIO: ("宋体", "simsun", "fandolsong-regular"),
}
NAMES = {
    Role.BODY: "仿宋",
    Role.LEAD: "楷体",
    Role.HEADING: "黑体",
    Role.TITLE: "小标宋",
    Role.FOLIO: "宋体",
}
_SUFFIXES = {".otf", ".ttf", ".ttc"}
_FAMILY_NAME = 1


class FontMissingError(FileNotFoundError):
    """A role has no font: there is no fallback, because the page would not be the one measured."""

    def __init__(self, role: Role, folder: Path) -> None:
        self.role, self.folder = role, folder
        wanted = "、".join(CANDIDATES[role])
        super().__init__(
            f"{folder} 中没有{NAMES[role]}字体：应有文件 {wanted} 之一（.otf、.ttf 或 .ttc）。"
            "请运行 make 取回自由字体，或将单位已有的公文字体放入该目录"
        )


class GlyphMissingError(ValueError):
    """A character that none of the fonts can print, with the words around it."""

    def __init__(self, character: str, where: str) -> None:
        self.character, self.where = character, where
        super().__init__(
            f"字体中没有“{character}”（U+{ord(character):04X}）：出现在“{where}”。"
            "请改用常用字，或在字体目录放入含有此字的公文字体"
        )


@dataclass(frozen=True)
class Font:
    """One font (字体): its role, family and file, the file's sha256, and each character's width in em."""

    role: Role
    family: str
    file: Path
    sha256: str
    widths: dict[str, float] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Fonts:
    """The fonts of a document by role (字体表); `stack` is the order in which a character is looked for."""

    by_role: dict[Role, Font]

    def stack(self, role: Role) -> Iterator[Font]:
        """The role's own font, then the others in the order the style sheet gives them."""
        yield self.by_role[role]
        yield from (font for other, font in self.by_role.items() if other is not role)

    def width(self, character: str, role: Role = Role.BODY) -> float:
        """How wide a character stands, in em of the role's size; GlyphMissingError if no font has it."""
        for font in self.stack(role):
            if character in font.widths:
                return font.widths[character]
        raise GlyphMissingError(character, character)

    @cached_property
    def characters(self) -> frozenset[str]:
        """All that any font can print."""
        return frozenset().union(*(font.widths for font in self.by_role.values()))

    def has(self, character: str) -> bool:
        """Whether any font can print the character."""
        return character in self.characters

    def record(self) -> list[dict[str, str]]:
        """What the manifest says: role, family, file name and sha256 of every font."""
        return [
            {"role": NAMES[role], "family": font.family, "file": font.file.name, "sha256": font.sha256}
            for role, font in self.by_role.items()
        ]


def find_fonts(folder: Path) -> Fonts:
    """Find a font for every role in the folder, the official one first; FontMissingError if there is none."""
    files = _font_files(folder)
    return Fonts({role: _open(role, _first(role, files, folder)) for role in Role})


def _font_files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {path.stem.lower(): path for path in sorted(folder.iterdir()) if path.suffix.lower() in _SUFFIXES}


def _first(role: Role, files: dict[str, Path], folder: Path) -> Path:
    for name in CANDIDATES[role]:
        if name in files:
            return files[name]
    raise FontMissingError(role, folder)


def _open(role: Role, file: Path) -> Font:
    with TTFont(file, fontNumber=0, lazy=True) as font:
        metrics, em = font["hmtx"], font["head"].unitsPerEm
        widths = {chr(code): metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}
        family = str(font["name"].getDebugName(_FAMILY_NAME))
    return Font(role, family, file, hashlib.sha256(file.read_bytes()).hexdigest(), widths)
