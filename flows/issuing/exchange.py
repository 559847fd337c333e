"""The exchange folder (交换文件夹): an issued document with its attachments and metadata, for an OA or a document exchange
system to fetch. `metadata.xml` is written last: a folder that has it is whole.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from flows.files import sha256_of, write_whole
from flows.issuing.mail.letter import ATTACHED
from flows.plan.issued import Issued
from flows.plan.letter import LetterStatus, Role
from flows.plan.load import Plans
from flows.plan.period import Period
from flows.plan.policy import Exchange
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued
from flows.warehouse.letter_ledger import letter_statuses

WHOLE = "metadata.xml"


def write_exchange(warehouse: Warehouse, plans: Plans, data: Path) -> list[Issued]:
    """Write the folders of issued documents that have none yet, where the policy wants them; returns those documents.
    Sample data are not for other systems. A document whose files are missing waits until they are there again."""
    written = []
    for document in issued(warehouse):
        folder, source = data / "exchange" / document.number, data / document.folder
        policy = plans.of(Period.parse(document.period).year).policy.exchange
        if not policy.enabled or document.is_sample or (folder / WHOLE).exists() or not source.is_dir():
            continue
        _write(folder, source, document, policy, letter_statuses(warehouse, document.number))
        written.append(document)
    return written


def _write(
    folder: Path, source: Path, document: Issued, policy: Exchange, letters: Iterable[LetterStatus]
) -> None:
    files: dict[str, str] = {}
    for path in sorted(p for p in source.iterdir() if p.suffix in ATTACHED):
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
