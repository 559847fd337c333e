"""The office's mail server and account (发信账户), from the environment or `.env`.

The password comes only from the environment or a Prefect Secret block, never from a file of the project. MailAccountError
where a setting is missing, UnprotectedError for an unencrypted connection to another machine.
"""

import errno
import ipaddress
import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.plan.terms import Term
from flows.settings import ROOT, Settings


class Security(Term):
    """How the line to the server is protected."""

    STARTTLS = "starttls", "STARTTLS"
    IMPLICIT = "implicit", "TLS"
    PLAIN = "plain", "明文"


class UnprotectedError(ValueError):
    """A plain line to another machine: refused before anything is said."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} 不是本机，不得明文发信：DIAODU_SMTP_SECURITY 应为 starttls 或 implicit")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in; no `user` means no login. The password is never shown.

    `ca_file` holds the certificates trusted besides none other; without it those of the system are.
    """

    host: str
    port: int
    security: Security
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None

    def check(self) -> None:
        """UnprotectedError where letters and password would cross a network in the open."""
        if self.security is Security.PLAIN and not is_loopback(self.host):
            raise UnprotectedError(self.host)

    @property
    def domain(self) -> str:
        """The domain the office writes from, by which it introduces itself."""
        return self.sender.rpartition("@")[2]


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by its name or its number; no name is looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def network_fault(fault: OSError, host: str, port: int, security: Security) -> str:
    """What the system says of the way to a server, with where to look; empty for what is not known."""
    known: tuple[tuple[type[OSError], str], ...] = (
        (TimeoutError, "等候超时"),
        (ConnectionRefusedError, f"{host} 的 {port} 端口拒绝连接，服务器停了，或端口不对"),
        (socket.gaierror, f"找不到服务器 {host}，名称不对，或网络不通"),
        (ConnectionError, "线路断开"),
        (ssl.SSLError, f"与 {host} 没有谈成加密，核对端口和加密方式（现为{security.label}）"),
    )
    if fault.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return f"到 {host} 的网络不通"
    return next((words for kind, words in known if isinstance(fault, kind)), "")


PORTS = {Security.STARTTLS: 587, Security.IMPLICIT: 465, Security.PLAIN: 25}


class MailSettings(BaseSettings):
    """DIAODU_SMTP_HOST, _PORT, _SECURITY (starttls, implicit; plain on this machine only), _SENDER, _USER, _CA_FILE;
    DIAODU_SMTP_SECRET names the Secret block. DIAODU_CONTACTS is the file of addresses."""

    model_config = SettingsConfigDict(env_prefix="DIAODU_SMTP_", env_file=ROOT / ".env", extra="ignore")

    host: str = ""
    port: int = 0
    security: str = "starttls"
    sender: str = ""
    user: str = ""
    ca_file: Path | None = None
    secret: str = ""
    contacts: Path | None = Field(default=None, validation_alias="DIAODU_CONTACTS")


class MailPassword(BaseSettings):
    """DIAODU_SMTP_PASSWORD, from the environment alone: a file would be copied and committed."""

    model_config = SettingsConfigDict(env_prefix="DIAODU_SMTP_", env_file=None, extra="ignore")

    password: SecretStr = SecretStr("")


class MailAccountError(RuntimeError):
    """The account is not usable: which setting, what was expected."""

    def __init__(self, name: str, expected: str, account: str = "发信账户") -> None:
        super().__init__(f"{account}没有设好：{name} 应为{expected}")


def contacts_file(settings: Settings) -> Path:
    """Where the addresses are: DIAODU_CONTACTS, or contacts.toml in the data folder."""
    return MailSettings().contacts or settings.data / "contacts.toml"


def mail_server(sender_name: str) -> MailServer:
    """The server and the account; MailAccountError for what is missing. Asks Prefect for the Secret block."""
    said = _settings()
    for name, value, expected in (
        ("HOST", said.host, "邮件服务器的名称"),
        ("SENDER", said.sender, "发信地址"),
    ):
        if not value:
            raise MailAccountError(f"DIAODU_SMTP_{name}", expected)
    security = next((s for s in Security if s == said.security), None)
    if security is None:
        raise MailAccountError("DIAODU_SMTP_SECURITY", "、".join(str(s) for s in Security) + " 之一")
    password = MailPassword().password.get_secret_value() or password_in_block(said.secret)
    if said.user and not password:
        raise MailAccountError(
            "DIAODU_SMTP_PASSWORD",
            "口令，只从环境变量或 DIAODU_SMTP_SECRET 指明的 Prefect Secret 读，不从 .env 读",
        )
    require_readable(said.ca_file, "DIAODU_SMTP_CA_FILE")
    port = said.port or PORTS[security]
    return MailServer(said.host, port, security, said.sender, sender_name, said.user, password, said.ca_file)


def _settings() -> MailSettings:
    try:
        return MailSettings()
    except ValidationError as fault:
        field = str(fault.errors()[0]["loc"][0]).upper()
        raise MailAccountError(f"DIAODU_SMTP_{field}", "合规的值") from None


def require_readable(ca_file: Path | None, setting: str) -> None:
    """MailAccountError naming the setting where the certificates to trust cannot be read."""
    try:
        ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except OSError as fault:  # of which ssl.SSLError is one
        why = "没有这个文件" if isinstance(fault, FileNotFoundError) else "读不出证书"
        raise MailAccountError(setting, f"CA 证书文件（PEM），现写的 {ca_file} {why}") from None


def password_in_block(name: str) -> str:
    """The password in the Prefect Secret block of that name; empty for no name, MailAccountError for no such block."""
    if not name:
        return ""
    from prefect.blocks.system import Secret

    try:
        block = Secret.load(name)
    except ValueError:
        raise MailAccountError("DIAODU_SMTP_SECRET", f"已建好的 Secret 块（没有“{name}”）") from None
    return str(block.get())  # type: ignore[union-attr]  # loaded here, not awaited
