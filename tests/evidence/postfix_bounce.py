"""A letter through a real Postfix and its bounce (退信经真的 Postfix): the office hands its forms to Postfix, which relays them to
the counties' mail server; that refuses one address, Postfix writes the report of it (RFC 3464) into the office's Dovecot
mailbox, and fetching books the letter as failed, with the reason. All on loopback, in a folder of its own; needs root and
Debian's package postfix, whose service need not run. Run from the checkout: python -m tests.evidence.postfix_bounce
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

from flows.clock import now
from flows.office import Office
from flows.settings import Settings
from tests.issuing.mail.certificates import authority
from tests.issuing.mail.dovecot import NOBODY, Dovecot
from tests.issuing.mail.outgoing import account, own_contacts
from tests.issuing.mail.post_office import PostOffice
from tests.ports import free_port

REFUSED = "jiuyeban@kailu.example"
WAIT_SECONDS = 60
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
showq unix n - n - - showq
verify unix - - n - 1 verify
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def postfix(folder: Path, relay_port: int, mailboxes: Path, user: str) -> Iterator[int]:
    """Postfix with configuration and queue below a folder: what is for the office goes into its mailbox, all else to the
    relay; the port it listens on."""
    port, config = free_port(), folder / "postfix"
    for name in ("queue", "data"):
        (config / name).mkdir(parents=True)
    for place in (config, config / "queue"):  # Postfix enters them as its own user
        place.chmod(0o755)
    subprocess.run(["chown", "postfix", str(config / "data")], check=True)
    settings = {
        "compatibility_level": "3.6", "queue_directory": config / "queue", "data_directory": config / "data",
        "maillog_file": folder / "postfix.log", "maillog_file_prefixes": folder, "inet_interfaces": "127.0.0.1", "inet_protocols": "ipv4",
        "myhostname": "mail.rsj.example", "mydestination": "", "relayhost": f"[127.0.0.1]:{relay_port}",
        "virtual_mailbox_domains": "rsj.example", "virtual_mailbox_maps": f"static:{user}/Maildir/",
        "virtual_mailbox_base": mailboxes, "virtual_uid_maps": f"static:{NOBODY}", "virtual_gid_maps": f"static:{NOBODY}",
        "mynetworks": "127.0.0.0/8", "smtpd_relay_restrictions": "permit_mynetworks, reject", "alias_maps": "",
        "smtp_dns_support_level": "disabled",
    }  # fmt: skip
    (config / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    (config / "master.cf").write_text(MASTER.format(port=port))
    subprocess.run(["postfix", "-c", str(config), "start"], check=True)
    try:
        yield port
    finally:
        subprocess.run(["postfix", "-c", str(config), "stop"], check=True)


def run(folder: Path) -> None:
    """Send, wait for the report, fetch, and say what was booked; AssertionError where it was not."""
    with Dovecot(authority(folder, "bounce")) as imap, PostOffice() as counties:
        counties.refused = REFUSED
        imap.put(b"Subject: the mailbox is there\r\n\r\n")
        with postfix(folder, counties.port, imap.folder / "home", imap.user) as port:
            environment = {**imap.environment, **account(counties, own_contacts(folder))}
            os.environ.update(environment, DIAODU_SMTP_PORT=str(port))
            office = Office(Settings(data=folder / "data"), lambda: datetime(2025, 7, 25, 9))
            office.mail_forms("2025-07")
            rows = office.deliver()
            print("交给 Postfix：", sum(row["结果"] == "已发出" for row in rows), "封")
            assert all(row["结果"] == "已发出" for row in rows), (rows, (folder / "postfix.log").read_text())
            report = _report(imap)
        letter = next(one for one in office.letters() if one.letter.address == REFUSED)
        assert str(letter.state) == "sent" and letter.letter.letter_id[1:41].encode() in report
        print("Postfix 的退信：", *_fields(report), sep="\n  ")
        print("转给各单位的邮件服务器：", len(counties.taken), "封")
        rows = office.fetch()
        print("收信：", *(f"{row['结果']}　{row['单位']}　{row['说明']}" for row in rows), sep="\n  ")
        letter = next(one for one in office.letters() if one.letter.address == REFUSED)
        assert str(letter.state) == "failed" and "550 5.1.1" in letter.reply, letter
        states = [str(one.state) for one in office.letters()]
        print("台账：", {state: states.count(state) for state in sorted(set(states))}, letter.reply)


def _report(imap: Dovecot) -> bytes:
    """The bounce as it lies in the mailbox."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        for path in (imap.folder / "home" / imap.user / "Maildir" / "new").glob("*"):
            if b"multipart/report" in (content := path.read_bytes()):
                return content
        time.sleep(0.2)
    raise AssertionError((imap.folder / "log").read_text("utf-8"))


def _fields(report: bytes) -> list[str]:
    """The report's own lines on the recipient."""
    message = message_from_bytes(report)
    status = next(part for part in message.walk() if part.get_content_type() == "message/delivery-status")
    wanted = ("Final-Recipient", "Action", "Status", "Diagnostic-Code")
    return [f"{name}: {block[name]}" for block in status.get_payload() for name in wanted if block[name]]  # type: ignore[index,union-attr]  # blocks of a report are messages


def main() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        print(
            f"{now():%Y-%m-%d}",
            subprocess.run(
                ["postconf", "mail_version"], capture_output=True, text=True, check=True
            ).stdout.strip(),
        )
        run(Path(name))


if __name__ == "__main__":
    main()
