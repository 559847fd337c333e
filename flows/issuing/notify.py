"""The notify hook (通知): a command of the office's own gets what is new as JSON on standard input, to pass it on to a work
chat. The product itself opens no such connection.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from flows.files import sha256_of, write_whole

SECONDS = 60
LAST = "notified.txt"


def notify(command: Sequence[str], news: Mapping[str, Sequence[str]], logs: Path) -> str:
    """Run the command unless it was given the same last; why it failed, empty where it did not or there is nothing to say.

    `news` are lists of sentences by kind: issued, late, waiting. The command gets them with `text`, all of them as one.
    """
    lines = [line for one in news.values() for line in one]
    if not command or not lines:
        return ""
    content = json.dumps({**news, "text": "\n".join(lines)}, ensure_ascii=False).encode()
    last = logs / LAST
    if last.exists() and last.read_text("ascii") == sha256_of(content):
        return ""
    try:
        subprocess.run(command, input=content, check=True, timeout=SECONDS, capture_output=True)
    except subprocess.CalledProcessError as fault:
        words = fault.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return f"通知命令 {command[0]} 没有成功（退出码 {fault.returncode}）：{''.join(words)}"
    except subprocess.TimeoutExpired:
        return f"通知命令 {command[0]} {SECONDS} 秒没有做完"
    except OSError as fault:
        return f"通知命令 {command[0]} 运行不了：{fault.strerror}"
    write_whole(last, sha256_of(content).encode())
    return ""
