"""`make install` puts diaodu on the PATH with its completion; a diaodu of another installation is left alone."""

import os
import subprocess
from pathlib import Path

from flows.settings import ROOT

SCRIPT = ROOT / "bin" / "command-line"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCRIPT, *map(str, arguments)], capture_output=True, text=True, check=True)


def test_the_command_is_linked_and_bash_completes_its_names(tmp_path: Path) -> None:
    assert f"diaodu is {tmp_path}/bin/diaodu" in run(tmp_path).stdout
    link, completion = tmp_path / "bin/diaodu", tmp_path / "share/bash-completion/completions/diaodu"
    assert link.readlink() == ROOT / ".venv/bin/diaodu"
    asked = f". {completion}; COMP_WORDS=(diaodu mont) COMP_CWORD=1; _diaodu_completion diaodu; echo ${{COMPREPLY[*]}}"
    path = f"{link.parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", asked], env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["monthly"], done.stderr
    run("--remove", tmp_path)
    assert not link.is_symlink() and not completion.exists()


def test_a_command_of_another_installation_stays(tmp_path: Path) -> None:
    link = tmp_path / "bin/diaodu"
    link.parent.mkdir()
    link.symlink_to("/opt/another/.venv/bin/diaodu")
    assert "left alone" in run(tmp_path).stderr
    run("--remove", tmp_path)
    assert str(link.readlink()) == "/opt/another/.venv/bin/diaodu"
