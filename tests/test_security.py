"""What docs/security.md says of the program's own code, files and sockets, held by the code itself."""

import ast
import os
import re
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from flows.documents.pdf.fonts import find_fonts
from flows.documents.pdf.typeset import AddressRefusedError, FontFetcher, TypesetError, Typesetter
from flows.operations.services import environment
from flows.settings import ROOT, Settings

MODULES = sorted((ROOT / "flows").rglob("*.py"))
# What would make a program, or a path, out of somebody's text.
NEVER_CALLED = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "pickle.load", "pickle.loads", "marshal.loads",
    "shelve.open", "yaml.load", "yaml.unsafe_load", "tempfile.mktemp", "subprocess.getoutput",
}  # fmt: skip
NEVER_IMPORTED = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "yaml",
    "ftplib",
    "telnetlib",
    "xmlrpc",
}
SECRET = re.compile(r"(?i)(password|passwd|secret|token|api_?key)\s*[:=]\s*[\"'][^\"'{}$<]{4,}[\"']")


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(find_fonts(Path(os.environ.get("DIAODU_FONTS", ROOT / "build" / "faces"))))


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def test_no_text_is_ever_run() -> None:
    found = [(path.name, name) for path, call in calls() if (name := ast.unparse(call.func)) in NEVER_CALLED]
    assert found == []


def test_nothing_is_imported_that_reads_objects_or_speaks_an_open_protocol() -> None:
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [(path.name, name) for name in names if name.split(".")[0] in NEVER_IMPORTED]
    assert found == []


def test_no_command_goes_through_a_shell() -> None:
    """Every child is given its arguments one by one, never a line to be parsed."""
    for path, call in calls():
        name = ast.unparse(call.func)
        assert not any(k.arg == "shell" for k in call.keywords), (path, call.lineno)
        if name.startswith("subprocess.") and call.args:
            assert not isinstance(call.args[0], ast.Constant | ast.JoinedStr | ast.BinOp), (path, call.lineno)


def test_templates_are_escaped_and_take_nothing_as_safe() -> None:
    environments = [
        call for _, call in calls() if ast.unparse(call.func) in ("Environment", "jinja2.Environment")
    ]
    for call in environments:
        (autoescape,) = (k.value for k in call.keywords if k.arg == "autoescape")
        assert isinstance(autoescape, ast.Constant) and autoescape.value is True
    assert environments
    for template in (ROOT / "templates").rglob("*.j2"):
        words = template.read_text("utf-8")
        # The desk's pages link to each other and to its one script; a document links to nothing.
        own = r'(?:href|src)="(?:/|#|\{\{ (?:address|work\.outcome\.link)\b)|<script src="/static/desk\.js" defer>'
        words = re.sub(own, "", words) if template.parent.name == "desk" else words
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|<script|href=|src=", words), template.name


def test_no_secret_is_written_down_in_the_project() -> None:
    for folder in ("flows", "plan", "templates", "deploy", "sql"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in {".py", ".toml", ".yaml", ".j2", ".service", ".sql", ".md"}:
                assert not SECRET.search(path.read_text("utf-8")), path


def test_what_a_command_writes_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask it is started under: folders 0700, files 0600."""
    env = os.environ | {"DIAODU_DATA": str(tmp_path / "data")}
    for arguments in (["sample", "2025", "--months", "1"], ["forms", "2025-02"]):
        command = [sys.executable, "-m", "flows", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=env, umask=0o000, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    written = list((tmp_path / "data").rglob("*"))
    assert len(written) > 20
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in written} == {"0o700", "0o600"}


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "file:etc/passwd", "http://127.0.0.1:9/x.png", "https://203.0.113.9/", "ftp://203.0.113.9/",
     "data:image/png;base64,AAAA", "font:../../etc/passwd", "//203.0.113.9/x", "/etc/passwd", "smb://203.0.113.9/x"],
)  # fmt: skip
def test_the_fetcher_gives_faces_and_nothing_else(typesetter: Typesetter, address: str) -> None:
    with pytest.raises(AddressRefusedError, match="公文不得引用外部内容"):
        FontFetcher(typesetter.fonts).fetch(address)


def test_a_picture_in_a_document_reaches_neither_disk_nor_network(
    typesetter: Typesetter, tmp_path: Path
) -> None:
    """Written into a template, where nothing escapes it: a server on loopback hears nobody, and no document is made."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        for source in (address, "file:///etc/hostname"):
            (tmp_path / "picture.html.j2").write_text(
                f'<html><body><p>字<img src="{source}"></p></body></html>', "utf-8"
            )
            setter = Typesetter(typesetter.fonts, (tmp_path,))
            with pytest.raises(TypesetError, match="公文不得引用外部内容"):
                setter.pdf(setter.render("picture.html.j2", {}), datetime(2025, 7, 8))
        with pytest.raises(TimeoutError):
            server.accept()


def test_no_telemetry_is_sent() -> None:
    """By the office's server, and by whoever calls on it."""
    told = environment(Settings())
    assert (told["DO_NOT_TRACK"], told["PREFECT_SERVER_ANALYTICS_ENABLED"]) == ("1", "false")
