"""The clerks' programs: a workbook opened and saved again by LibreOffice, in Excel 5's format by Gnumeric, or locked
with a password as Excel does (msoffcrypto-tool). Only needed to make cases, not to run them."""

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path


def saved(content: bytes, kind: str, ending: str = "xlsx") -> bytes:
    """The file opened and saved again by LibreOffice as `kind`: an ending, or an ending and the filter's name."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in", f"表.{ending}")
        source.parent.mkdir()
        source.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        _run("soffice", "--headless", profile, "--convert-to", kind, "--outdir", folder, str(source))
        return Path(folder, "表").with_suffix("." + kind.split(":", maxsplit=1)[0]).read_bytes()


def as_excel_5(content: bytes) -> bytes:
    """The workbook as Excel 5 and 95 store it (BIFF5)."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.xlsx"), Path(folder, "out.xls")
        source.write_bytes(content)
        _run("ssconvert", "-T", "Gnumeric_Excel:excel_biff7", str(source), str(target))
        return target.read_bytes()


def locked(content: bytes) -> bytes:
    """The .xlsx with a password to open it."""
    from msoffcrypto.format.ooxml import OOXMLFile

    made = BytesIO()
    OOXMLFile(BytesIO(content)).encrypt("666666", made)
    return made.getvalue()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
