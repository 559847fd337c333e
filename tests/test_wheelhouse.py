"""The pack for a machine without internet: what goes into it, and that its scripts refuse what is not whole."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from importlib import metadata
from pathlib import Path

import pytest

from flows.operations import doctor
from flows.settings import Settings

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted((ROOT / "bin").iterdir())


def run_time_lock(*arguments: str) -> str:
    command = [sys.executable, ROOT / "bin" / "run-time-lock", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def pack() -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", run_time_lock(), re.MULTILINE))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_of_the_pack_is_in_the_lock_with_the_same_hashes(pack: dict[str, str]) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9-]+==)", run_time_lock().rstrip())
    assert len(entries) == len(pack)
    for entry in entries:
        pin, *hashes = entry.split(" \\\n    ")
        found = re.search(rf"^{re.escape(pin)}[ ;].*?(?=^[a-z0-9]|\Z)", lock, re.MULTILINE | re.DOTALL)
        assert found and hashes == re.findall(r"--hash=\S+", found[0])


def test_the_pack_holds_what_running_asks_for_and_nothing_of_the_tests(pack: dict[str, str]) -> None:
    """Held against what the installed packages themselves say they require."""
    asked, waiting = set(), ["diaodu"]
    while waiting:
        for one in metadata.requires(waiting.pop()) or []:
            name = normal(re.match(r"[\w.-]+", one)[0])
            if ";" not in one and name not in asked:  # what a marker asks for is the lock's to decide
                asked.add(name)
                waiting.append(name)
    assert asked <= set(pack)
    assert "setuptools" in pack  # puts the checkout itself into .venv
    assert not {"pytest", "ruff", "mypy", "sqlfluff", "hypothesis", "uv", "dask"} & set(pack)


def test_the_packs_own_lock_has_one_hash_a_wheel(tmp_path: Path, pack: dict[str, str]) -> None:
    for name, version in pack.items():
        wheel = tmp_path / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        wheel.write_bytes(name.encode())
    said = run_time_lock("--wheels", str(tmp_path))
    assert dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\", said, re.MULTILINE)) == pack
    assert f"click=={pack['click']} \\\n    --hash=sha256:{hashlib.sha256(b'click').hexdigest()}\n" in said
    next(tmp_path.glob("click-*")).unlink()
    with pytest.raises(subprocess.CalledProcessError) as fault:
        run_time_lock("--wheels", str(tmp_path))
    assert fault.value.stderr.startswith(f"No wheel of click {pack['click']} in ")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_whole_can_be_run_and_names_no_host(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)
    if "bash" in text.splitlines()[0]:
        subprocess.run(["bash", "-n", script], check=True)
        assert "set -euo pipefail" in text
    else:
        compile(text, script.name, "exec")
    assert not re.search(r"https?://[a-z]", text)


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """What comes out of a very small pack."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    offline = tmp_path / "offline"
    offline.mkdir()
    (offline / "MADE-FOR").write_text("python 3.11\nmachine pdp11\n")
    digest = hashlib.sha256((offline / "MADE-FOR").read_bytes()).hexdigest()
    (offline / "SHA256SUMS").write_text(f"{digest}  MADE-FOR\n")
    return tmp_path


def install(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([folder / "bin" / "install-offline"], capture_output=True, text=True, check=False)


def test_a_pack_for_another_machine_is_refused(unpacked: Path) -> None:
    done = install(unpacked)
    assert (done.returncode, done.stdout) == (1, "Checked: 1 files of the pack are whole\n")
    assert done.stderr == f"The pack is for pdp11, this machine is {os.uname().machine}.\n"


def test_a_machine_that_no_pack_can_be_made_for_is_said() -> None:
    done = subprocess.run(
        [ROOT / "bin" / "wheelhouse", "loongarch64"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("No pack for loongarch64: neither Debian's stable release nor the wheels")


def test_the_packs_lock_is_for_the_python_and_the_machine_that_it_is_for() -> None:
    """One package of the lock is wanted before 3.11.3 alone, and Debian 12 has 3.11.2."""
    early = run_time_lock("--python", "3.11.2", "--machine", "aarch64")
    later = run_time_lock("--python", "3.11.7", "--machine", "aarch64")
    assert ("async-timeout==" in early, "async-timeout==" in later) == (True, False)


def test_a_pack_that_was_damaged_on_the_way_is_refused_by_name(unpacked: Path) -> None:
    (unpacked / "offline" / "MADE-FOR").write_text("machine ?\n")
    done = install(unpacked)
    assert done.returncode == 1
    assert "MADE-FOR: FAILED" in done.stdout
    assert "carry it over again" in done.stderr


def test_without_a_pack_the_offline_install_says_where_to_run_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    assert "unpack diaodu-…-offline.tar" in install(tmp_path).stderr


def test_faces_and_packages_come_out_of_the_pack_where_there_is_one(unpacked: Path) -> None:
    (unpacked / "offline" / "faces").mkdir()
    (unpacked / "offline" / "faces" / "FandolFang-Regular.otf").write_bytes(b"a face")
    subprocess.run([unpacked / "bin" / "faces", unpacked / "build" / "faces"], check=True)
    assert (unpacked / "build" / "faces" / "FandolFang-Regular.otf").read_bytes() == b"a face"
    subprocess.run(
        [unpacked / "bin" / "system-packages", "bash"], check=True
    )  # there already: nothing is touched


def test_the_doctor_misses_nothing_that_the_pack_never_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    (tmp_path / "requirements.lock").write_text("pytest==0.0.1 \\\n    --hash=sha256:00\n")
    with pytest.raises(doctor.CheckFailedError, match="1 个软件包与锁定的不一致：pytest"):
        doctor.machine(Settings(), datetime(2025, 7, 8))
    (tmp_path / "offline" / "wheels").mkdir(parents=True)
    packed = f"click=={metadata.version('click')} \\\n    --hash=sha256:00\n"
    (tmp_path / "offline" / "wheels" / "requirements.lock").write_text(packed)
    assert doctor.machine(Settings(), datetime(2025, 7, 8)).endswith("软件包与锁定的一致（1 个）")
