"""`yinling allowances`: try a pack, explain a month, reckon what is over."""

from collections.abc import Sequence
from datetime import datetime

import click

from server import clock
from server.caregivers.allowances import wording
from server.caregivers.allowances.given import Verdict
from server.caregivers.allowances.knowing import find_known, find_rulebook, list_sites
from server.caregivers.allowances.packs import check_pack, list_packs
from server.caregivers.allowances.reckoning import reckon_site, standing_of
from server.caregivers.allowances.rules import judge
from server.db.sessions import transaction
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.i18n.money import in_yuan

MONTH = click.DateTime(formats=["%Y-%m"])


@click.group("allowances")
def allowances_group() -> None:
    """What caregivers are entitled to beside their wages, and why."""


@allowances_group.command("check")
@click.argument("pack", required=False)
def check(pack: str | None) -> None:
    """Read the figures of a pack and reckon its own examples.  [default: all packs]"""
    names = list_packs()
    if pack is not None and pack not in names:
        raise click.BadParameter(_("There is no such pack; these are: {packs}",
                                   packs=", ".join(names)))  # fmt: skip
    wrong = [name for name in ([pack] if pack else names) if not _check(name)]
    if wrong:
        raise SystemExit(1)


@allowances_group.command("explain")
@click.argument("caregiver", type=int)
@click.argument("month", type=MONTH)
def explain(caregiver: int, month: datetime) -> None:
    """Print what a caregiver is entitled to in a month, with every reason and clause."""
    with transaction(writes=False) as session:
        known, rulebook = find_known(session, [caregiver]), find_rulebook(session)
    if not known:
        raise click.BadParameter(_("There is no such caregiver."))
    _tell(judge(known[0], rulebook, month=month.date(), as_of=clock.today()))


@allowances_group.command("reckon")
@click.option("--month", type=MONTH, multiple=True, help="A month.  [default: the last three]")
@click.option("--site", type=int, help="One home alone.  [default: all]")
def reckon(month: Sequence[datetime], site: int | None) -> None:
    """Reckon months anew, home by home; what did not change is left alone."""
    with transaction(writes=False) as session:
        sites = list_sites(session) if site is None else [site]
    changed = 0
    for site_id in sites:
        with transaction() as session:
            changed += reckon_site(session, site_id, [one.date() for one in month])
    click.echo(_("{number} entitlements are new or changed.", number=changed))


def _check(name: str) -> bool:
    checked = check_pack(name)
    for wrong in checked.wrong:
        click.echo(f"{name}: {wrong}")
    if not checked.wrong:
        click.echo(_("{pack}: {figures} figures and {examples} examples come out.", pack=name,
                     figures=checked.figures, examples=checked.examples))  # fmt: skip
    return not checked.wrong


def _tell(verdicts: Sequence[Verdict]) -> None:
    for one in verdicts:
        named = pgettext("allowance_programme", one.programme.value)
        state = pgettext("allowance_standing", standing_of(one).value)
        period = wording.period_words(one.period, one.programme)
        click.echo(f"{named}  {period}  {state}  {in_yuan(one.amount_fen)}")
        for reason in sorted(one.told, key=lambda told: bool(told["holds"])):
            mark = "+" if reason["holds"] else "-"
            click.echo(f"  {mark} {wording.full_sentence(reason)}")
