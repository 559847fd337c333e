"""The command that words a draft (改写文字): its paragraphs as text with locked numbers, out to an editor and back."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.login import Login, by_account
from flows.office import Office
from flows.progress import turning

if TYPE_CHECKING:  # loads the layout engine, which a list does without
    from flows.wording import ParagraphStatus, WordsChange

_HEAD = re.compile(r"^==\s*([^\s（]+).*$", re.MULTILINE)
HOW = """# {document} 的文字。== 开头的行是段落的代号，不要改；下面是它的文字，空着的是空处，可以填写；一行印成一段。
# {{2:8123人}} 这样的是数：可以移动、重复、删去，不能改。别处的数注明来源：[[123人|来源：市统计局]]。
# 以 # 开头的行不算。没有改动的段落不受影响。
"""


def _pairs(_context: click.Context, _parameter: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    """ID=TEXT as a dictionary."""
    pairs = {}
    for one in given:
        paragraph, is_pair, text = one.partition("=")
        if not is_pair:
            raise click.BadParameter(f"“{one}”应写作 代号=文字，如 closing=特此报告。")
        pairs[paragraph.strip()] = text
    return pairs


@click.command(options_metavar="[选项]")
@click.argument("document", metavar="文件名称")
@click.option("--edit", "mode", flag_value="edit", help="用编辑器（环境变量 EDITOR）改各段文字")
@click.option("--from", "file", metavar="位置", type=click.Path(path_type=Path),
              help="读改好的 .docx（diaodu docx 出的），或文本文件（写法同 --edit 打开的）")  # fmt: skip
@click.option(
    "--accept", "mode", flag_value="accept", help="采用 .docx 里的改动；不写，只列出改了什么，不记录"
)
@click.option("--text", "texts", metavar="代号=文字", multiple=True, callback=_pairs, help="改一段；可写多次")
@click.option("--confirm", metavar="代号", multiple=True, help="须重看的一段，看过照旧保留；可写多次")
@click.option("--withdraw", metavar="代号", multiple=True, help="撤回一段的改写，恢复程序的文字；可写多次")
@click.option(
    "--redraft", "mode", flag_value="redraft", help="文字已改而草稿没有重新生成的（中途断电等），重新生成"
)
@by_account()
def words(
    document: str,
    mode: str | None,
    file: Path | None,
    texts: dict[str, str],
    confirm: tuple[str, ...],
    withdraw: tuple[str, ...],
    login: Login,
) -> None:
    """文字：列出一份草稿可改的段落；改写、填写空处，数不能改。

    文件写名称，如 2025-H1/half_year_summary。改后须重新送审。"""
    office = Office()
    if mode == "redraft":
        with turning("重新生成"):
            office.redraft(document)
        click.echo(f"{document}：已按改过的文字重新生成")
        return
    if mode == "edit":
        texts |= edited(as_text(document, office.paragraphs(document)))
    if file:
        texts |= from_file(office, document, file, mode == "accept")
    if texts or confirm or withdraw:
        _record(office, document, texts, confirm, withdraw, login)
    elif mode is None and file is None:
        for line in listed(office.paragraphs(document)):
            click.echo(line)


def _record(
    office: Office,
    document: str,
    texts: dict[str, str],
    confirm: Sequence[str],
    withdraw: Sequence[str],
    login: Login,
) -> None:
    """Have it done by an account, and say what was changed."""
    who = login.actor(office)
    with turning("改写文字"):
        changes = office.edit_words(document, texts, who) if texts else []
        if confirm:
            office.confirm_words(document, confirm, who)
        if withdraw:
            office.withdraw_words(document, withdraw, who)
    for line in change_lines(changes):
        click.echo(line)
    count = len(changes) + len(confirm) + len(withdraw)
    click.echo(
        f"{document}：改了 {count} 段，草稿已重新生成，须重新送审" if count else f"{document}：没有改动"
    )


def listed(paragraphs: Sequence["ParagraphStatus"]) -> Iterator[str]:
    """A draft's paragraphs: id, name, who worded it, whether it must be looked at again, and the text."""
    for one in paragraphs:
        yield f"{one.paragraph.id}（{one.paragraph.label}）{state(one)}"
        for line in (one.text or "（空）").split("\n"):
            yield f"    {line}"
    stale = sum(one.is_stale for one in paragraphs)
    yield f"共 {len(paragraphs)} 段，改写 {sum(one.edit is not None for one in paragraphs)} 段" + (
        f"，须重看 {stale} 段：看过照旧保留的 --confirm 代号，或重新改写，或 --withdraw 代号" if stale else ""
    )


def state(one: "ParagraphStatus") -> str:
    """Who worded a paragraph when, and whether it must be looked at again; empty where nobody did."""
    if one.edit is None:
        return ""
    stale = "　须重看：所依据的数变了" if one.is_stale else ""
    return f"　{one.edit.account}{one.edit.action.label}于 {one.edit.edited_at:%Y-%m-%d %H:%M}{stale}"


def change_lines(changes: Sequence["WordsChange"]) -> Iterator[str]:
    """What was there and what is there now."""
    for one in changes:
        yield f"{one.paragraph.id}（{one.paragraph.label}）"
        yield f"  - {one.old_text or '（空）'}"
        yield f"  + {one.new_text or '（不印）'}"


def as_text(document: str, paragraphs: Sequence["ParagraphStatus"]) -> str:
    """The paragraphs as a text to be edited."""
    parts = (f"== {one.paragraph.id}（{one.paragraph.label}）\n{one.text}\n" for one in paragraphs)
    return HOW.format(document=document) + "\n" + "\n".join(parts)


def from_text(text: str) -> dict[str, str]:
    """The texts of such a file by paragraph; a paragraph whose head is gone is left as it is."""
    kept = "\n".join(line for line in text.replace("\r\n", "\n").split("\n") if not line.startswith("#"))
    _, *parts = _HEAD.split(kept)
    return {paragraph: words.strip() for paragraph, words in zip(parts[::2], parts[1::2], strict=True)}


def from_file(office: Office, document: str, file: Path, is_accepted: bool) -> dict[str, str]:
    """The texts of a text file; of an edited .docx those that it changes, once that is accepted. What it changes and its
    comments are shown before; WordsRefusedError where it changes more than words."""
    from flows.wording import WordsRefusedError

    if file.suffix.lower() != ".docx":
        return from_text(file.read_text(encoding="utf-8-sig"))
    with turning("比对"):
        returned = office.compare_docx(document, file.read_bytes())
        changes = office.compare_words(document, returned.texts)
    for line in (*returned.notes, *change_lines(changes)):
        click.echo(line)
    faults = [*returned.faults, *(fault for one in changes for fault in one.named_faults)]
    if faults:
        raise WordsRefusedError(document, faults)
    if not is_accepted:
        click.echo(f"改动 {len(changes)} 段，还没有记录；采用的加 --accept --account 账号")
    return {one.paragraph.id: one.new_text for one in changes} if is_accepted else {}


def edited(text: str) -> dict[str, str]:
    """The same after somebody edited it; nothing where the editor was left without saving."""
    back = click.edit(text, extension=".txt")
    return {} if back is None else from_text(back)


COMMANDS = (words,)
