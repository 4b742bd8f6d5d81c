"""`yinling demo`: fill a city with made-up people, sites and meals."""

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from infra.demo.loading import DEFAULT_RESIDENTS, load_demo
from server.i18n.catalogues import gettext as _

MOST_RESIDENTS = 5_000_000


@click.command("demo")
@click.option(
    "--residents",
    type=click.IntRange(1, MOST_RESIDENTS),
    default=DEFAULT_RESIDENTS,
    show_default=True,
    help="How many people the city shall have.",
)
@click.option("--seed", type=int, help="The same seed makes the same city.")
def demo_command(residents: int, seed: int | None) -> None:
    """Load the demo into the city, or what it still lacks; never removes anything."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(_("Residents"), total=residents)
        loaded = load_demo(
            residents=residents,
            seed=seed,
            tell=lambda done, of: progress.update(task, completed=done, total=of),
        )
    if not loaded.is_anything:
        click.echo(_("The demo was complete; nothing has changed."))
        return
    click.echo(
        _(
            "New: {sites} sites, {staff} staff, {residents} residents, {accounts} accounts,"
            " {sittings} sittings, {bookings} bookings.",
            **vars(loaded),
        )
    )
