"""`yinling settlement`: draw up a month of all canteens, and say what it came to."""

from datetime import date, datetime
from typing import Any

import click
from sqlalchemy import Row
from sqlmodel import Session

from server.db.sessions import transaction
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.i18n.money import in_yuan
from server.meals.settlement import queries, service
from server.meals.settlement.statements import get_statement
from server.providers.queries import within

MONTH = click.DateTime(formats=["%Y-%m"])
COUNTY = click.option("--county", default="", help="Six digits of one county.  [default: all]")


@click.group("settlement")
def settlement_group() -> None:
    """Settled months of canteens."""


@settlement_group.command("draw")
@click.option("--month", type=MONTH, required=True, help="The month, which is over.")
@COUNTY
def draw(month: datetime, county: str) -> None:
    """Freeze what canteens handed out in a month, a few at a time.

    What is drawn up stays so: stopped in the middle and begun again, it goes on where it ended, and
    begun once more it does nothing. Canteens with an undecided adjustment are left out and named.
    """
    with transaction(writes=False) as session:
        ready = [row for row in _left(session, month.date(), county) if not row.waiting]
    with click.progressbar(length=len(ready), label=f"{month:%Y-%m}") as bar:
        while drawn := _draw_some(month.date(), county):
            bar.update(drawn)
    with transaction(writes=False) as session:
        _tell_drawn(session, month.date(), county)


@settlement_group.command("list")
@click.option("--month", type=MONTH, help="One month alone.  [default: all]")
@COUNTY
def list_months(month: datetime | None, county: str) -> None:
    """Print settled months: number, month, stage, meals, what the city owes, and the canteen."""
    wanted = queries.Wanted(month=month.date() if month else None)
    with transaction(writes=False) as session:
        rows = queries.list_settlements(session, within([county], ()), wanted)
    for row in rows:
        click.echo(_line(row))
    owed = sum(row.owed_fen for row in rows)
    click.echo(_("{number} settlements, {amount} yuan.", number=len(rows), amount=in_yuan(owed)))


@settlement_group.command("show")
@click.argument("settlement", type=int)
def show(settlement: int) -> None:
    """Print one settled month with its lines and digest, and whether its meals are as frozen."""
    with transaction(writes=False) as session:
        told = _found(session, settlement)
        is_as_frozen = queries.digest_now(session, settlement) == bytes(told.settlement.digest)
    click.echo(_line(told.settlement))
    for line in told.lines:
        named = (pgettext("meal", line.meal), line.age_band, pgettext("hardship_tier", line.tier))
        click.echo(f"{line.meals:>9,}  {in_yuan(line.subsidy_fen):>14}  {'  '.join(named)}")
    for one in told.adjustments:
        click.echo(f"{'':>9}  {in_yuan(one.amount_fen):>14}  {one.reason}")
    click.echo(f"sha256  {told.digest}")
    as_frozen, another = _("The meals are as they were frozen."), _("The meals are others.")
    click.echo(as_frozen if is_as_frozen else another)


def _left(session: Session, month: date, county: str) -> Any:
    return queries.list_to_draw_up(session, within([county], ()), month)


def _draw_some(month: date, county: str) -> int:
    with transaction() as session:
        return service.draw_up_slice(session, [county], month)


def _tell_drawn(session: Session, month: date, county: str) -> None:
    wanted = queries.Wanted(month=month)
    drawn = queries.list_settlements(session, within([county], ()), wanted)
    owed = in_yuan(sum(row.owed_fen for row in drawn))
    click.echo(_("{number} settlements, {amount} yuan.", number=len(drawn), amount=owed))
    for row in _left(session, month, county):
        click.echo(_("Left out, an adjustment waits: {canteen}", canteen=row.name))


def _found(session: Session, settlement_id: int) -> Any:
    try:
        return get_statement(session, settlement_id, within([""], ()))
    except NotFound as error:
        raise click.BadParameter(_("There is no such settlement.")) from error


def _line(row: Row[Any]) -> str:
    stage = pgettext("settlement_stage", row.stage.value)
    owed = in_yuan(row.owed_fen)
    return f"{row.id:>7}  {row.month:%Y-%m}  {stage}  {row.meals:>7,}  {owed:>14}  {row.site_name}"
