"""The office's mailbox account (收信账户), from the environment or `.env`; the password like the sending account's."""

from pathlib import Path

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.issuing.mail.account import (
    MailAccountError,
    MailPassword,
    MailSettings,
    Security,
    password_in_block,
    require_readable,
)
from flows.issuing.mail.mailbox import ImapAccount
from flows.settings import ROOT

PORTS = {Security.IMPLICIT: 993, Security.STARTTLS: 143, Security.PLAIN: 143}


class MailboxSettings(BaseSettings):
    """DIAODU_IMAP_HOST, _PORT, _SECURITY (implicit, starttls; plain on this machine only), _USER, _CA_FILE, _FOLDER, where
    mail is read, and _RECEIVED, where it is put; DIAODU_IMAP_SECRET names a Secret block. _USER, _CA_FILE and the
    password are the sending account's where they are not given."""

    model_config = SettingsConfigDict(env_prefix="DIAODU_IMAP_", env_file=ROOT / ".env", extra="ignore")

    host: str = ""
    port: int = 0
    security: str = "implicit"
    user: str = ""
    ca_file: Path | None = None
    secret: str = ""
    folder: str = "INBOX"
    received: str = "已收"


class MailboxPassword(BaseSettings):
    """DIAODU_IMAP_PASSWORD, from the environment alone."""

    model_config = SettingsConfigDict(env_prefix="DIAODU_IMAP_", env_file=None, extra="ignore")

    password: SecretStr = SecretStr("")


def own_domain() -> str:
    """The domain that the office writes from; empty where it does not write mail."""
    return MailSettings().sender.rpartition("@")[2]


def has_mailbox() -> bool:
    """Whether mail is to be fetched at all."""
    return bool(_settings().host)


def imap_account() -> ImapAccount:
    """The mailbox and the account; MailAccountError for what is missing. Asks Prefect for a Secret block."""
    given, sending = _settings(), MailSettings()
    if not given.host:
        raise MailAccountError("DIAODU_IMAP_HOST", "收信服务器的名称", "收信账户")
    security = next((s for s in Security if s == given.security), None)
    if security is None:
        expected = "、".join(str(s) for s in Security) + " 之一"
        raise MailAccountError("DIAODU_IMAP_SECURITY", expected, "收信账户")
    user = given.user or sending.user
    password = (
        MailboxPassword().password.get_secret_value()
        or password_in_block(given.secret)
        or MailPassword().password.get_secret_value()
        or password_in_block(sending.secret)
    )
    for name, value, expected in (
        ("USER", user, "邮箱账号"),
        ("PASSWORD", password, "口令，只从环境变量或 Secret 块读"),
    ):
        if not value:
            raise MailAccountError(f"DIAODU_IMAP_{name}", expected, "收信账户")
    if given.received == given.folder:
        raise MailAccountError(
            "DIAODU_IMAP_RECEIVED", f"与 DIAODU_IMAP_FOLDER（{given.folder}）不同的文件夹", "收信账户"
        )
    ca_file = given.ca_file or sending.ca_file
    require_readable(ca_file, "DIAODU_IMAP_CA_FILE")
    return ImapAccount(
        given.host, given.port or PORTS[security], security, user, password, ca_file,
        given.folder, given.received,
    )  # fmt: skip


def _settings() -> MailboxSettings:
    try:
        return MailboxSettings()
    except ValidationError as fault:
        field = str(fault.errors()[0]["loc"][0]).upper()
        raise MailAccountError(f"DIAODU_IMAP_{field}", "合规的值", "收信账户") from None
