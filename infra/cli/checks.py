"""`yinling checks`: what does not fit, looked for now; and each check as it runs."""

from datetime import datetime, timedelta

import click

from server import clock
from server.db.sessions import transaction
from server.homecare.checks.checks import CHECKS
from server.homecare.checks.service import LOOK_BACK_DAYS, check_days
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("checks")
def checks_group() -> None:
    """Hold what was told against what can be true."""


@checks_group.command("homecare")
@click.option("--from", "since", type=DAY, help="The first day.  [default: ten days ago]")
@click.option("--to", "until", type=DAY, help="The last day.  [default: today]")
def homecare(since: datetime | None, until: datetime | None) -> None:
    """Look through visits and beds at home, and put down what does not fit.

    Running it again puts nothing down twice; the scheduler does so every night.
    """
    last = until.date() if until else clock.today()
    first = since.date() if since else last - timedelta(days=LOOK_BACK_DAYS)
    if first > last:
        raise click.BadParameter(_("The first day is after the last."), param_hint="--from")
    with transaction() as session:
        found = check_days(session, first, until=last)
    for kind, number in found.items():
        click.echo(f"{number:>7,}  {pgettext('finding_kind', kind.value)}")
    click.echo(_("{number} new findings.", number=f"{sum(found.values()):,}"))


@checks_group.command("show")
@click.argument("name", type=click.Choice([check.name for check in CHECKS]))
def show(name: str) -> None:
    """Print a check as it runs: what it rests on, the figures it takes, and its query."""
    [check] = [one for one in CHECKS if one.name == name]
    click.echo(f"-- {pgettext('home_finding_why', check.kind.value)}")
    click.echo(f"-- {check.source}; {', '.join(check.figures) or '—'}")
    click.echo(check.query, nl=False)
