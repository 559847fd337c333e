"""The commands in the order of the office's work (命令分组): what a month does first stands first in the help."""

import click

from flows.cli import account as accounts
from flows.cli import backup as safekeeping
from flows.cli import documents, mail
from flows.cli import issue as sending
from flows.cli import operate as operating
from flows.cli import report as reporting
from flows.cli import simulate as rehearsing

SECTIONS: tuple[tuple[str, tuple[click.Command, ...]], ...] = (
    ("报送", (*reporting.COMMANDS, *mail.COMMANDS)),
    ("成文", documents.COMMANDS),
    ("发文", sending.COMMANDS),
    ("账号", accounts.COMMANDS),
    ("运行", operating.COMMANDS),
    ("保管", (*safekeeping.COMMANDS, *rehearsing.COMMANDS)),
)


class SectionedGroup(click.Group):
    """A group whose help lists its commands by section."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one block a section; hidden commands stay hidden."""
        for title, commands in SECTIONS:
            shown = [c for c in commands if not c.hidden]
            with formatter.section(title):
                formatter.write_dl([(c.name or "", c.get_short_help_str(200)) for c in shown])
