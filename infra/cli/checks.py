"""`yinling checks`: what does not fit, looked for now; and each check as it runs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import click

from server import clock
from server.db.sessions import transaction
from server.findings.models import FindingKind
from server.homecare.checks.checks import CHECKS
from server.homecare.checks.service import LOOK_BACK_DAYS, check_days
from server.homecare.meal_checks.checks import CHECKS as MEAL_CHECKS
from server.homecare.training_checks.checks import CHECKS as TRAINING_CHECKS
from server.homecare.training_checks.service import check_days as check_classes
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.meals.checks.service import check_days as check_meals
from server.subsidies.checks.checks import CHECKS as RUN_CHECKS
from server.subsidies.checks.service import check_runs

ALL_CHECKS = (*CHECKS, *MEAL_CHECKS, *TRAINING_CHECKS, *RUN_CHECKS)
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
    first, last = _days(since, until)
    with transaction() as session:
        _tell(check_days(session, first, until=last))


@checks_group.command("meals")
@click.option("--from", "since", type=DAY, help="The first day.  [default: ten days ago]")
@click.option("--to", "until", type=DAY, help="The last day.  [default: today]")
def meals(since: datetime | None, until: datetime | None) -> None:
    """Look through meals that were handed out, and put down what does not fit.

    Running it again puts nothing down twice; the scheduler does so every night.
    """
    first, last = _days(since, until)
    with transaction() as session:
        _tell(check_meals(session, first, until=last, checks=MEAL_CHECKS))


@checks_group.command("training")
@click.option("--from", "since", type=DAY, help="The first day.  [default: ten days ago]")
@click.option("--to", "until", type=DAY, help="The last day.  [default: today]")
def training(since: datetime | None, until: datetime | None) -> None:
    """Hold class hours against shifts and visits, and put down what does not fit.

    Running it again puts nothing down twice; the scheduler does so every night.
    """
    first, last = _days(since, until)
    with transaction() as session:
        _tell(check_classes(session, first, until=last))


@checks_group.command("subsidies")
@click.argument("run_ids", metavar="RUN...", type=int, nargs=-1, required=True)
def subsidies(run_ids: Sequence[int]) -> None:
    """Hold runs of subsidies against the other records, and put down what does not fit.

    Running it again puts nothing down twice; the scheduler does so every night.
    """
    with transaction() as session:
        _tell(check_runs(session, run_ids))


@checks_group.command("show")
@click.argument("name", type=click.Choice([check.name for check in ALL_CHECKS]))
def show(name: str) -> None:
    """Print a check as it runs: what it rests on, the figures it takes, and its query."""
    [check] = [one for one in ALL_CHECKS if one.name == name]
    of_what = "meal_finding_why" if check in MEAL_CHECKS else "home_finding_why"
    of_what = "training_finding_why" if check in TRAINING_CHECKS else of_what
    of_what = "subsidy_finding_why" if check in RUN_CHECKS else of_what
    click.echo(f"-- {pgettext(of_what, check.kind.value)}")
    click.echo(f"-- {check.source}; {', '.join(check.figures) or '—'}")
    click.echo(check.query, nl=False)


def _days(since: datetime | None, until: datetime | None) -> tuple[date, date]:
    last = until.date() if until else clock.today()
    first = since.date() if since else last - timedelta(days=LOOK_BACK_DAYS)
    if first > last:
        raise click.BadParameter(_("The first day is after the last."), param_hint="--from")
    return first, last


def _tell(found: Mapping[FindingKind, int]) -> None:
    for kind, number in found.items():
        click.echo(f"{number:>7,}  {pgettext('finding_kind', kind.value)}")
    click.echo(_("{number} new findings.", number=f"{sum(found.values()):,}"))
