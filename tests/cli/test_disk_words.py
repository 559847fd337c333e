"""What the system says of a disk is os_error_message in Chinese with what to do; what the program says stays as it is."""

import errno
import os

import pytest

from flows import __main__ as command_line
from flows.__main__ import os_error_message
from flows.documents.pdf.fonts import FontMissingError


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "磁盘满了（/data/x）。清理磁盘后再运行一次"),
        (errno.EROFS, "磁盘是只读的（/data/x）。检查磁盘和挂载，恢复可写后再运行一次"),
        (errno.EACCES, "没有权限（/data/x）。检查文件归谁所有，用有权限的用户再运行一次"),
        (errno.ENOENT, "没有这个文件或文件夹（/data/x）"),
    ],
)
def test_the_system_s_number_becomes_a_sentence(number: int, words: str) -> None:
    assert os_error_message(OSError(number, os.strerror(number), "/data/x")) == words


def test_without_a_file_no_place_is_named() -> None:
    assert (
        os_error_message(OSError(errno.ENOSPC, "No space left on device")) == "磁盘满了。清理磁盘后再运行一次"
    )


def test_a_sentence_of_our_own_is_not_replaced() -> None:
    assert os_error_message(FileNotFoundError("没有通讯录 contacts.toml")) == "没有通讯录 contacts.toml"
    assert issubclass(FontMissingError, OSError)


def test_a_command_that_meets_a_full_disk_says_so_and_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/data/x")

    monkeypatch.setattr(command_line, "_run", full)
    monkeypatch.setattr(os, "_exit", lambda code: (_ for _ in ()).throw(SystemExit(code)))
    with pytest.raises(SystemExit, match="1"):
        command_line.main()
    assert capsys.readouterr().err == "没有做成：磁盘满了（/data/x）。清理磁盘后再运行一次\n"
