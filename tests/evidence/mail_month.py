"""One county's month by mail (一个县的一个月): every message in and out as a file, and how a mail program shows each.

The sample's June: form, prompt, the county's report, its receipt with the marked workbook, the corrected report, the bulletin,
a reminder; and the government's copy. Needs Chromium. Run from the checkout:
python -m tests.evidence.mail_month [folder]   (default build/mail-month; pictures go there, too)
"""

import io
import os
import subprocess
import sys
import tempfile
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from pathlib import Path
from typing import cast

import openpyxl
from PIL import Image, ImageChops

from flows.office import Office
from flows.plan.issued import Decision
from flows.settings import ROOT, Settings
from flows.simulation.mail import MemoryMailbox
from tests.issuing.mail.clerks_mail import mail
from tests.issuing.mail.outgoing import account, own_contacts
from tests.issuing.mail.post_office import PostOffice
from tests.staff import actor

KAILU, GOVERNMENT = "jiuyeban@kailu.example", "mishuke@zfb.example"
HEAD = (
    '<div style="font:14px/1.8 sans-serif;background:#f5f6f7;padding:10px 12px;margin-bottom:12px">'
    "<b>{subject}</b><br>发件人：{sender}<br>收件人：{to}<br>附件：{files}</div>"
)
WIDTHS = {"": 820, "-手机": 390}  # pixels of a mail program's pane on a desk, and of a telephone
HIGHEST = 3000


class Month:
    """The office, its two ways of mail, and the folder that the messages are written to."""

    def __init__(self, data: Path, smtp: PostOffice, folder: Path) -> None:
        self.now, self.smtp, self.folder, self.seen, self.box = (
            datetime(2025, 6, 25, 9),
            smtp,
            folder,
            0,
            MemoryMailbox(),
        )
        self.desk = Office(Settings(data=data), lambda: self.now)
        self.number = 0

    def at(self, *moment: int) -> Office:
        self.now = datetime(2025, *moment)
        return self.desk

    def write(self, what: str, content: bytes) -> None:
        self.number += 1
        (self.folder / f"{self.number:02d}-{what}.eml").write_bytes(content)

    def note(self, what: str, *addresses: str) -> None:
        """Write the new letters to these addresses; each with a picture of its page."""
        new, self.seen = self.smtp.taken[self.seen :], len(self.smtp.taken)
        for content in new:
            message = cast("EmailMessage", message_from_bytes(content, policy=default))
            to = message["To"].addresses[0].addr_spec
            if to in addresses:
                self.write(what, content)
                self.picture(f"{self.number:02d}-{what}", message)

    def picture(self, name: str, message: EmailMessage) -> None:
        """The letter as a mail program shows it in a browser: its head, its page, the names of what is attached."""
        page = message.get_body(("html",)).get_content()
        files = "　".join(f"[{part.get_filename()}]" for part in message.iter_attachments()) or "无"
        shown = {
            "subject": message["Subject"],
            "sender": message["From"],
            "to": message["To"],
            "files": files,
        }
        head = HEAD.format(**{key: escape(str(value)) for key, value in shown.items()})
        for suffix, width in WIDTHS.items():
            photograph(page.replace("<body>", f"<body>{head}", 1), self.folder / f"{name}{suffix}.png", width)

    def report(self, what: str, content: bytes, *moment: int) -> None:
        """The county hands in its report by mail, and is answered."""
        self.at(*moment)
        raw = mail(
            [("开鲁县2025年6月月报.xlsx", content)],
            subject="开鲁县6月报表",
            message_id=f"<{'-'.join(map(str, moment))}@kailu.example>",
        )
        self.write(what, raw)
        self.box.put(raw, self.now)
        for row in self.desk.fetch(self.box.open):
            print(row["结果"], row["单位"], row["说明"][:60])
        self.note("回执", KAILU)


def photograph(page: str, target: Path, width: int) -> None:
    """The page in headless Chromium, without the white below it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "letter.html"
        source.write_text(page, encoding="utf-8")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--window-size={width},{HIGHEST}",
        ]
        command = ["chromium", *options, f"--screenshot={target}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
    with Image.open(target) as whole:
        seen = whole.convert("RGB")
    white = Image.new("RGB", seen.size, "white")
    _, _, _, bottom = ImageChops.difference(seen, white).getbbox() or (0, 0, 0, HIGHEST)
    seen.crop((0, 0, width, min(bottom + 12, HIGHEST))).save(target, optimize=True)


def slipped(content: bytes) -> bytes:
    """The workbook with one number written as words."""
    book, changed = openpyxl.load_workbook(io.BytesIO(content)), io.BytesIO()
    urban = next(row for row in book["月报"].iter_rows() if any(cell.value == "城镇新增就业" for cell in row))
    next(cell for cell in urban[2:] if isinstance(cell.value, int | float)).value = "约100"
    book.save(changed)
    return changed.getvalue()


def run(month: Month, files: Path) -> None:
    """From the form to the reminder."""
    desk = month.desk
    desk.sample(2025, (1, 2, 3, 4, 5), 2025)
    month.at(6, 25, 9).ingest()
    desk.mail_forms("2025-06")
    desk.deliver()
    month.note("空白报表", KAILU)
    month.at(7, 3, 9).mail_prompts("2025-06")
    desk.deliver()
    month.note("报送提示", KAILU)
    desk.sample(2025, (6,), 2025, files)
    kailu = (files / "开鲁县2025年6月月报.xlsx").read_bytes()
    month.report("来信", slipped(kailu), 7, 3, 15)
    month.report("改正后的来信", kailu, 7, 4, 10)
    month.at(7, 7, 16).ingest([p for p in files.glob("*.xlsx") if not p.name.startswith("开鲁县")])
    month.at(7, 8, 9)
    issue(desk)
    desk.deliver(samples=True)
    month.note("文件", KAILU, GOVERNMENT)


def issue(desk: Office) -> None:
    """Make, approve and issue the bulletin and what is due of notices to the county."""
    desk.make("monthly_dispatch", "2025-06")
    desk.notices("2025-06")
    for status in desk.waiting():
        name = status.draft.name
        if name.kind == "monthly_dispatch" or (name.notice and name.county == "kailu"):
            for person in ("审核岗", "签发岗"):
                if (now := desk.approval_status(str(name))).waits_for:
                    desk.decide(now, Decision.APPROVED, actor(desk.settings, person))
            desk.issue(str(name))


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "mail-month"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.*"):
        old.unlink()
    with tempfile.TemporaryDirectory() as name, PostOffice() as smtp:
        os.environ.update(account(smtp, own_contacts(Path(name))))
        run(Month(Path(name) / "data", smtp, folder), Path(name) / "files")
    print(*sorted(p.name for p in folder.iterdir()), sep="\n")


if __name__ == "__main__":
    main()
