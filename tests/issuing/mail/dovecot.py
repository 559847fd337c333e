"""A real IMAP server on loopback (Dovecot) with TLS and a mailbox of its own, for one test run; needs no root."""

import imaplib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from flows.issuing.mail.account import Security
from flows.issuing.mail.mailbox import ImapAccount
from flows.settings import ROOT
from tests.issuing.mail.certificates import Authority
from tests.ports import free_port

PASSWORD = "secret-of-the-box"
UNPACKED = ROOT / "build" / "dovecot"
NOBODY = 65534
RECEIVED = "&XfJlNg-"  # 已收 as IMAP writes it


def _usr() -> Path:
    return UNPACKED / "usr" if (UNPACKED / "whole").exists() else Path("/usr")


def _version() -> str:
    """2.3 or 2.4, as far as the program says itself."""
    environment = os.environ | {"LD_LIBRARY_PATH": f"{_usr()}/lib/dovecot:{_usr()}/lib/{_triplet()}"}
    program = [str(_usr() / "sbin" / "dovecot"), "--version"]
    return subprocess.run(program, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@dataclass
class Dovecot:
    """The server; a context manager."""

    authority: Authority
    host: str = "localhost"
    user: str = "baobiao"  # whoever logs in has a mailbox, empty at first
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="imap-", dir="/tmp")))
    plain_port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    settings: str = ""  # more of them, in the words of both versions

    def __enter__(self) -> Self:
        self.folder.chmod(0o755)
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            os.chown(home, NOBODY, NOBODY)
        self.authority.server(self.host, "127.0.0.1")
        shutil.copy(self.authority.file.with_name(f"{self.host}-30.pem"), self.folder / "server.pem")
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Listen; what is in the mailbox stays from before."""
        config = self.folder / "dovecot.conf"
        config.write_text(self._config(), encoding="utf-8")
        environment = os.environ | {"LD_LIBRARY_PATH": f"{_usr()}/lib/dovecot:{_usr()}/lib/{_triplet()}"}
        program = [str(_usr() / "sbin" / "dovecot"), "-F", "-c", str(config)]
        self.process = subprocess.Popen(program, env=environment, stderr=subprocess.PIPE)
        for _ in range(600):
            try:
                with self.client():
                    return
            except (OSError, imaplib.IMAP4.error):
                time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text(encoding="utf-8"))

    def stop(self) -> None:
        """Stop listening."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)

    def account(self, security: Security = Security.IMPLICIT, **changes: object) -> ImapAccount:
        """The account as the office's settings hold it."""
        port = self.tls_port if security is Security.IMPLICIT else self.plain_port
        given = {
            "host": self.host,
            "port": port,
            "ca_file": self.authority.file,
            "password": PASSWORD,
        } | changes
        return ImapAccount(security=security, user=self.user, **given)  # type: ignore[arg-type]

    @property
    def environment(self) -> dict[str, str]:
        """The same as the environment of an office."""
        return {
            "DIAODU_IMAP_HOST": self.host,
            "DIAODU_IMAP_PORT": str(self.tls_port),
            "DIAODU_IMAP_USER": self.user,
            "DIAODU_IMAP_PASSWORD": PASSWORD,
            "DIAODU_IMAP_CA_FILE": str(self.authority.file),
        }

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """A mail program of somebody in the office."""
        client = imaplib.IMAP4("127.0.0.1", self.plain_port, timeout=30)
        try:
            client.login(self.user, PASSWORD)
            yield client
        finally:
            client.shutdown()

    def put(self, *messages: bytes, at: datetime = datetime(2025, 7, 3, 1, 30, tzinfo=UTC)) -> None:
        """Messages arrive at that moment."""
        with self.client() as client:
            for message in messages:
                answer = client.append("INBOX", None, at, message)  # type: ignore[arg-type]
                assert answer[0] == "OK", answer

    def flags(self, folder: str = "INBOX") -> list[str]:
        """The flags of each message in a folder."""
        with self.client() as client:
            if client.select(folder, readonly=True)[0] != "OK":
                return []
            _, found = client.search(None, "ALL")
            numbers = found[0].split()
            return [str(client.fetch(n.decode(), "(FLAGS)")[1][0]) for n in numbers]

    def _config(self) -> str:
        usr, folder, root = _usr(), self.folder, os.geteuid() == 0
        own = str(os.geteuid()) if not root else str(NOBODY)
        name = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True).stdout.strip()
        settings = VERSION_2_3 if _version().startswith("2.3") else VERSION_2_4
        libexec = f"libexec_dir = {usr}/lib/dovecot\n" if usr != Path("/usr") else ""
        common = (settings + libexec + COMMON).format(
            folder=folder, usr=usr, name=name, group=group, login="nobody" if root else name, uid=own,
            gid=own if root else os.getegid(), first=min(int(own), 500), plain=self.plain_port, tls=self.tls_port,
            password=PASSWORD,
        )  # fmt: skip
        return common + self.settings


COMMON = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
listen = 127.0.0.1
ssl = yes
auth_failure_delay = 0
default_internal_user = {name}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = {first}
mail_max_userip_connections = 100
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
# Dovecot of Debian 12, and of Debian 13, which names its settings otherwise.
VERSION_2_3 = """
protocols = imap
import_environment = $import_environment LD_LIBRARY_PATH
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
disable_plaintext_auth = no
mail_location = maildir:{folder}/home/%u/Maildir
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
"""
VERSION_2_4 = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {{
  imap = yes
}}
import_environment {{
  LD_LIBRARY_PATH = %{{env:LD_LIBRARY_PATH | default('')}}
}}
ssl_server_cert_file = {folder}/server.pem
ssl_server_key_file = {folder}/server.pem
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {folder}/home/%{{user}}/Maildir
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/home/%{{user}}
  }}
}}
"""


def _triplet() -> str:
    return next((p.name for p in (_usr() / "lib").glob("*-linux-gnu*")), "x86_64-linux-gnu")
