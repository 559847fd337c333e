"""The command that simulates a year (演练)."""

from pathlib import Path

import click

from flows.settings import Settings


@click.command(options_metavar="[选项]")
@click.argument("year", metavar="年份", type=click.IntRange(2000, 2099))
@click.option(
    "--months", "last", metavar="1-月份", default="1-12", show_default=True, help="从1月到哪个月，如 1-3"
)
@click.option(
    "--seed", metavar="整数", default=2025, show_default=True, help="随机种子：同一种子，同样的一年"
)
@click.option(
    "--out", metavar="位置", type=click.Path(path_type=Path), help="空文件夹；默认在 data/rehearsals 下新建"
)
def rehearse(year: int, last: str, seed: int, out: Path | None) -> None:
    """演练：用示例报表、虚拟时钟、本机邮局把一年过一遍，末了逐项核对，列出台账；什么也不出本机。"""
    from flows.clock import now
    from flows.simulation.ledger import as_text
    from flows.simulation.year import simulate

    settings = Settings()
    folder = out or settings.data / "rehearsals" / f"{year}-{now():%Y%m%d-%H%M%S}"
    ledger, workbook = simulate(settings, year, _months(last), folder, seed, click.echo)
    click.echo(as_text(ledger))
    click.echo(f"演练通过，检查全部成立。台账：{workbook}（示例数据，什么也没有发出本机）")


def _months(written: str) -> tuple[int, ...]:
    first, _dash, last = written.partition("-")
    if first != "1" or not (last or "1").isdigit() or not 1 <= int(last or 1) <= 12:
        raise click.UsageError(f"--months {written} 不对：从1月起，应写作 1-12 或 1-3")
    return tuple(range(1, int(last or 1) + 1))


COMMANDS = (rehearse,)
