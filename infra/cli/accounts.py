"""`yinling accounts`: what a window does for the holder of a phone, until it has its own page."""

import click

from infra.cli.staff import for_a_reason
from server.db.sessions import transaction
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.identity import queries, rules
from server.identity.service.accounts import vouch_for
from server.identity.service.sign_ins import end_sign_ins_of_account


@click.group("accounts")
def accounts_group() -> None:
    """Help the holder of a phone who stands at the window."""


@accounts_group.command("vouch")
@click.argument("phone")
@for_a_reason
def vouch(phone: str) -> None:
    """The holder of PHONE has shown their papers: their next sign-in asks for the code alone."""
    with transaction() as session:
        account = queries.find_account(session, rules.read_phone(phone))
        if account is None:
            raise NotFound()
        vouch_for(session, account)
    click.echo(_("Done."))


@accounts_group.command("sign-out")
@click.argument("phone")
@for_a_reason
def sign_out(phone: str) -> None:
    """PHONE is lost: sign all devices of its account out."""
    with transaction() as session:
        account = queries.find_account(session, rules.read_phone(phone))
        if account is None:
            raise NotFound()
        ended = end_sign_ins_of_account(session, account.id or 0)
    click.echo(_("Signed out: {count}.", count=ended))
