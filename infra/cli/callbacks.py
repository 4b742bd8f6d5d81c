"""`yinling callbacks`: draw a month's sample of visits, and show how it was drawn."""

from datetime import datetime

import click

from server.db.sessions import transaction
from server.homecare.callbacks import queries, rules
from server.homecare.callbacks.drawing import draw_sample, frame_of, is_as_drawn
from server.i18n.catalogues import gettext as _

MONTH = click.DateTime(formats=["%Y-%m"])


@click.group("callbacks")
def callbacks_group() -> None:
    """Samples of visits about which people are rung up."""


@callbacks_group.command("draw")
@click.option("--month", type=MONTH, required=True, help="The month, which is over.")
@click.option("--county", required=True, help="Six digits of the county.")
@click.option("--site", "site_id", type=int, help="One provider alone.  [default: all]")
@click.option("--seed", required=True, help="Numbers that everybody can look up.")
def draw(month: datetime, county: str, site_id: int | None, seed: str) -> None:
    """Draw a month, once: another drawing would let somebody choose."""
    with transaction() as session:
        sample = draw_sample(session, month.date(), prefix=county, seed=seed, site_id=site_id)
        click.echo(
            _("Sample {number}: {size} of {population} visits.", number=sample.id,
              size=sample.size, population=sample.population)
        )  # fmt: skip


@callbacks_group.command("show")
@click.argument("sample", type=int)
@click.option("--list", "is_listed", is_flag=True, help="Every visit with its lot as well.")
def show(sample: int, is_listed: bool) -> None:
    """Print seed, size and digest of a sample, draw it again, and say whether it comes out so."""
    with transaction(writes=False) as session:
        told = queries.get_shown(session, sample)
        visits = frame_of(session, sample)
        kept = [row.visit_id for row in queries.list_calls(session, sample)]
        is_unchanged = is_as_drawn(session, sample)
    click.echo(f"seed        {told.seed}")
    click.echo(f"month       {told.month:%Y-%m}  {told.prefix}  {told.site_id or ''}")
    click.echo(f"size        {told.size} / {told.population}")
    click.echo(f"margin      {100 * rules.margin(told.size, population=told.population):.1f} %")
    click.echo(f"sha256      {told.frame_digest.hex()}")
    is_same = is_unchanged and rules.draw(told.seed, visits, size=told.size) == kept
    click.echo(_("Drawn again it is the same.") if is_same else _("Drawn again it is another."))
    if is_listed:
        for visit in visits:
            click.echo(f"{rules.lot(told.seed, visit)}  {visit}  {visits[visit]}")
