"""The commands in the order of the office's work (命令分组): what a month does first stands first in the help."""

import click

SECTIONS = (
    ("报送", ("plan", "forms", "sample", "intake", "status", "answer")),
    ("成文", ("monthly", "quarterly", "half-year", "annual", "notices", "figures", "trace")),
    ("发文", ("approve", "deliver", "outbox", "notice", "correct", "remake")),
    ("运行", ("up", "down", "agenda", "watch", "doctor")),
    ("保管", ("backup", "restore", "rebuild", "rehearse")),
)


class SectionedGroup(click.Group):
    """A group whose help lists its commands by section; one of no section stands under 其他, never left out."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one block a section."""
        known = [name for _, names in SECTIONS for name in names]
        others = tuple(
            name for name, command in self.commands.items() if name not in known and not command.hidden
        )
        for title, names in (*SECTIONS, ("其他", others)):
            rows = [
                (name, self.commands[name].get_short_help_str(200)) for name in names if name in self.commands
            ]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
