"""`yinling doctor`: what is missing or misconfigured, in one line each."""

import click
from rich.console import Console
from rich.text import Text

from infra.doctor import Weight, examine
from infra.processes import Platform
from server.i18n.catalogues import pgettext

STYLES = {Weight.FINE: "green", Weight.LOOK: "yellow", Weight.BROKEN: "bold red"}
WIDTH_OF_A_WEIGHT = 8


@click.command("doctor")
@click.pass_obj
def doctor(platform: Platform) -> None:
    """Examine this machine, its settings and its database; exit 1 when something is broken."""
    console = Console(highlight=False, soft_wrap=True)
    weights = set()
    for finding in examine(platform):
        weights.add(finding.weight)
        word = pgettext("doctor", finding.weight.value)
        console.print(Text(word.ljust(WIDTH_OF_A_WEIGHT), STYLES[finding.weight]), finding.sentence)
    if Weight.BROKEN in weights:
        raise SystemExit(1)
