"""`yinling audit sample`: bind a seed, draw by it, show the lines, and draw again to verify."""

import click

from server.db.sessions import transaction
from server.i18n.catalogues import gettext as _
from server.subsidies.samples import rules, service

DIFFERS = 1


@click.group("sample")
def sample_group() -> None:
    """Draw lines of a run by lot, so that anybody comes to the same."""


@sample_group.command("bind")
@click.argument("run_id", metavar="RUN", type=int)
@click.option("--seed", prompt=True, hide_input=True, help="Words that nobody else knows yet.")
@click.option("--size", type=click.IntRange(1, 2000), default=100, show_default=True)
@click.option("--bands", type=click.Choice(["1", "3"]), default="3", show_default=True,
              help="Bands of amounts: 3, or 1 for a simple draw.")  # fmt: skip
def bind(run_id: int, seed: str, size: int, bands: str) -> None:
    """Publish the digest of a seed; it is told when the lot is drawn."""
    with transaction() as session:
        sample = service.bind(session, run_id, size=size, bands=int(bands), seed=seed)
        said = _("Sample {number}, seed bound by SHA-256 {digest}",
                 number=sample.id, digest=bytes(sample.seed_digest).hex())  # fmt: skip
    click.echo(said)


@sample_group.command("draw")
@click.argument("sample_id", metavar="SAMPLE", type=int)
@click.option("--seed", required=True, help="The seed whose digest was published.")
def draw(sample_id: int, seed: str) -> None:
    """Draw the lines by the seed that was bound."""
    with transaction() as session:
        service.draw(session, sample_id, seed=seed)
    _tell(sample_id)


@sample_group.command("show")
@click.argument("sample_id", metavar="SAMPLE", type=int)
def show(sample_id: int) -> None:
    """Print the method, the margin of error, and the lines that were drawn."""
    _tell(sample_id)


@sample_group.command("verify")
@click.argument("sample_id", metavar="SAMPLE", type=int)
def verify(sample_id: int) -> None:
    """Draw again by the same seed, and compare."""
    with transaction(writes=False) as session:
        is_same = service.verify(session, sample_id)
    click.echo(_("The same lines come out.") if is_same else _("Other lines come out."))
    if not is_same:
        raise SystemExit(DIFFERS)


def _tell(sample_id: int) -> None:
    with transaction(writes=False) as session:
        sample = service.get_sample(session, sample_id)
        drawn = service.list_drawn(session, sample_id)
        found = service.estimate(session, sample_id)
        off = rules.margin(len(drawn), sample.population or 0)
        click.echo(_("Run {run}, {number} of {population} lines in {bands} bands, margin ±{margin}",
                     run=sample.run_id, number=len(drawn), population=sample.population or 0,
                     bands=sample.bands, margin=f"{off:.1%}"))  # fmt: skip
        for one in drawn:
            click.echo(f"{one.number:>9}  {one.band}  {one.amount_fen / 100:>12,.2f}")
        click.echo(_("{looked} looked at, {wrong} wrong: {least} to {most} of all lines",
                     looked=found.looked_at, wrong=found.wrong, least=f"{found.share_least:.1%}",
                     most=f"{found.share_most:.1%}"))  # fmt: skip
