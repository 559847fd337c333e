"""The exchange folder (交换文件夹): an issued document with its attachments and metadata, for an OA or a document exchange
system to fetch. `metadata.xml` is written last: a folder that has it is whole.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from flows.files import sha256_of, write_whole
from flows.issuing.mail.letter import ATTACHED
from flows.plan.issued import Issued, SealedCopy
from flows.plan.letter import LetterStatus, Role
from flows.plan.load import Plans
from flows.plan.period import Period
from flows.plan.policy import Exchange
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued, sealed_copies
from flows.warehouse.letter_ledger import letter_statuses

WHOLE = "metadata.xml"


def write_exchange(warehouse: Warehouse, plans: Plans, data: Path) -> list[Issued]:
    """Write the folders of issued documents that have none yet, or not with the sealed copy, where the policy wants them;
    returns those documents. Sample data are not for other systems. A document whose files are missing waits until they
    are there again."""
    written, copies = [], sealed_copies(warehouse)
    for document in issued(warehouse):
        folder, source = data / "exchange" / document.number, data / document.folder
        policy = plans.of(Period.parse(document.period).year).policy.exchange
        copy = copies.get(document.number)
        wanted = copy.sha256 if copy else document.sha256
        if not policy.enabled or document.is_sample or _holds(folder, wanted) or not source.is_dir():
            continue
        paths = issued_files(data, document, copy)
        _write(folder, paths, document, policy, letter_statuses(warehouse, document.number))
        written.append(document)
    return written


def _holds(folder: Path, sha256: str) -> bool:
    """Whether the folder is whole and has this PDF."""
    if not (folder / WHOLE).exists():
        return False
    about = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    return any(file["sha256"] == sha256 for file in about["文件"])


def issued_files(data: Path, document: Issued, copy: SealedCopy | None) -> list[Path]:
    """The files that go out with a document, the sealed copy in place of the PDF where there is one."""
    found = sorted(p for p in (data / document.folder).iterdir() if p.suffix in ATTACHED)
    return [data / copy.place if copy and path.name == document.file_name else path for path in found]


def _write(
    folder: Path, paths: Iterable[Path], document: Issued, policy: Exchange, letters: Iterable[LetterStatus]
) -> None:
    (folder / WHOLE).unlink(missing_ok=True)
    files: dict[str, str] = {}
    for path in paths:
        content, name = path.read_bytes(), f"{document.number} {path.name}"
        write_whole(folder / name, content)
        files[name] = sha256_of(content)
    about = metadata(document, policy, letters, files)
    write_whole(folder / "metadata.json", json.dumps(about, ensure_ascii=False, indent=1).encode())
    write_whole(folder / WHOLE, _xml(about))


def metadata(
    document: Issued, policy: Exchange, letters: Iterable[LetterStatus], files: Mapping[str, str]
) -> dict[str, object]:
    """What an archive asks about a document, under the words it uses; 主送 and 抄送 are the units of its letters."""
    letters = list(letters)
    return {
        "题名": document.title,
        "文号": document.number,
        "主送": _units(letters, Role.TO),
        "抄送": _units(letters, Role.CC),
        "密级": policy.secrecy,
        "成文日期": document.issued_on.isoformat(),
        "保管期限": policy.retention.get(document.kind, policy.retention_otherwise),
        "文件": [{"名称": name, "sha256": digest} for name, digest in files.items()],
    }


def _units(letters: Iterable[LetterStatus], role: Role) -> list[str]:
    return list(dict.fromkeys(one.letter.unit_name for one in letters if one.letter.role is role))


def _xml(about: Mapping[str, object]) -> bytes:
    root = Element("公文")
    for name, value in about.items():
        for one in value if isinstance(value, list) else [value]:
            element = SubElement(root, name)
            if isinstance(one, dict):
                for key, text in one.items():
                    SubElement(element, key).text = str(text)
            else:
                element.text = str(one)
    indent(root)
    content: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{content}\n'.encode()
