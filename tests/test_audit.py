"""The audit of the locked packages, by a database in a file."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flows.settings import ROOT

LOCKED = dict(
    re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
)
CLICK = LOCKED["click"]


def record(number: int, name: str, **affected: Any) -> dict[str, Any]:
    return {
        "id": f"PYSEC-2026-{number}", "aliases": [f"CVE-2026-{number}"], "modified": "2026-11-01T00:00:00Z",
        "summary": "An example", "affected": [{"package": {"ecosystem": "PyPI", "name": name}, **affected}],
    }  # fmt: skip


def ranged(*events: dict[str, str]) -> list[dict[str, Any]]:
    return [{"type": "ECOSYSTEM", "events": list(events)}]


def audit(database: Path, *records: dict[str, Any]) -> tuple[int, list[str]]:
    if records:
        with zipfile.ZipFile(database, "w") as archive:
            for one in records:
                archive.writestr(f"{one['id']}.json", json.dumps(one))
    command = [sys.executable, ROOT / "bin" / "audit", str(database)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize(
    ("affected", "is_found"),
    [
        ({"versions": ["0.1", CLICK]}, True),
        ({"versions": ["0.1"]}, False),
        ({"ranges": ranged({"introduced": "0"})}, True),
        ({"ranges": ranged({"introduced": "0"}, {"fixed": "1.0"})}, False),
        ({"ranges": ranged({"introduced": "0"}, {"fixed": CLICK})}, False),
        ({"ranges": ranged({"introduced": "0"}, {"fixed": "99"})}, True),
        ({"ranges": ranged({"introduced": CLICK}, {"fixed": "99"})}, True),
        ({"ranges": ranged({"introduced": "98"}, {"fixed": "99"})}, False),
        ({"ranges": ranged({"introduced": "0"}, {"last_affected": CLICK})}, True),
        ({"ranges": ranged({"introduced": "0"}, {"last_affected": "1.0"})}, False),
        (
            {"ranges": ranged({"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "2.0"}, {"fixed": "99"})},
            True,
        ),
        ({"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}, False),
    ],
)
def test_a_locked_version_is_found_where_it_is_listed_or_lies_in_a_range(
    tmp_path: Path, affected: dict[str, Any], is_found: bool
) -> None:
    code, lines = audit(tmp_path / "osv.zip", record(1, "Click", **affected))
    assert (code, len(lines)) == ((1, 2) if is_found else (0, 1))
    assert lines[-1] == (
        f"漏洞库 1 条，截至 2026-11-01；锁定的软件包 {len(LOCKED)} 个，有已知漏洞的 {int(is_found)} 处"
    )


def test_a_finding_names_package_number_and_remedy(tmp_path: Path) -> None:
    affected = {"ranges": ranged({"introduced": "0"}, {"fixed": "99.1"})}
    foreign = record(2, "click", **affected)
    foreign["affected"][0]["package"]["ecosystem"] = "npm"
    withdrawn = record(3, "click", **affected) | {"withdrawn": "2026-11-02T00:00:00Z"}
    records = (record(1, "click", **affected), foreign, withdrawn, record(4, "no-such-package", **affected))
    code, lines = audit(tmp_path / "osv.zip", *records)
    assert code == 1
    assert lines[:-1] == [f"click {CLICK}：PYSEC-2026-1 CVE-2026-1 An example。改用 99.1"]


def test_without_a_database_nothing_was_compared_and_that_is_said(tmp_path: Path) -> None:
    code, lines = audit(tmp_path / "none.zip")
    assert code == 2
    assert lines[0].startswith(f"没有漏洞库 {tmp_path / 'none.zip'}，{len(LOCKED)} 个锁定的软件包没有核对")
