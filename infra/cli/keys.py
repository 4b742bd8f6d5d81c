"""`yinling keys`: what departments may read through the open API."""

from datetime import timedelta

import click

from infra.cli.staff import for_a_reason
from server import clock
from server.db.sessions import transaction
from server.facilities.returns.batches import find_site_ids, give_sites
from server.i18n.catalogues import gettext as _
from server.identity import queries
from server.identity.scopes import BED_RETURNS, FIELDS_OF
from server.identity.service import api_keys

LOOK_BACK = timedelta(days=30)


@click.group("keys")
def keys_group() -> None:
    """Issue, list and revoke the keys of departments."""


@keys_group.command("issue")
@click.argument("owner")
@click.option("--purpose", required=True, help="The task that the data is for.")
@click.option("--scope", required=True, type=click.Choice(sorted(FIELDS_OF)))
@click.option("--field", "fields", multiple=True, required=True, help="May be given many times.")
@click.option("--site", "sites", multiple=True, type=int, help="A facility it may file for.")
@click.option("--provider", help="Files for all facilities of this 统一社会信用代码.")
@click.option("--rate", default=60, show_default=True, type=click.IntRange(1, 6000))
@click.option("--days", default=180, show_default=True, type=click.IntRange(1, 366))
@for_a_reason
def issue(
    owner: str,
    purpose: str,
    scope: str,
    fields: tuple[str, ...],
    sites: tuple[int, ...],
    provider: str | None,
    rate: int,
    days: int,
) -> None:
    """Give the department OWNER a key, and print it, once.

    A key that files bed returns does so for the facilities it is given here.
    """
    with transaction() as session:
        issued = api_keys.issue_key(
            session,
            owner=owner,
            purpose=purpose,
            scopes=[scope],
            fields=fields,
            rate_per_minute=rate,
            days=days,
        )
        found = find_site_ids(session, site_ids=sites, provider_uscc=provider)
        given = give_sites(session, issued.key.id or 0, found)
    if scope == BED_RETURNS:
        click.echo(_("It files for {count} facilities.", count=given))
    click.echo(_("Key {id} of {owner}.", id=issued.key.id, owner=owner))
    click.echo(_("The key, shown only now: {token}", token=issued.token))


@keys_group.command("list")
def list_keys() -> None:
    """All keys: number, department, scopes, last day, calls in 30 days, state."""
    now = clock.now()
    with transaction(writes=False) as session:
        keys = queries.list_keys(session, since=now - LOOK_BACK)
    for key in keys:
        ended = _("revoked") if key.revoked_at else _("expired") if key.expires_at <= now else ""
        until = clock.day_of(key.expires_at).isoformat()
        scopes = ",".join(key.scopes)
        click.echo(f"{key.id}\t{key.owner}\t{scopes}\t{until}\t{key.calls}\t{ended}".rstrip())


@keys_group.command("calls")
@click.argument("key_id", type=int)
@click.option("--last", default=50, show_default=True, type=click.IntRange(1, 1000))
def list_calls(key_id: int, last: int) -> None:
    """The last calls of a key: when, what, status, rows, and the purpose that was said."""
    with transaction(writes=False) as session:
        calls = queries.list_calls(session, key_id, limit=last)
    for call in calls:
        at = call.at.astimezone(clock.CITY).strftime("%Y-%m-%d %H:%M:%S")
        row = (at, call.scope, str(call.status), str(call.rows_returned), call.purpose)
        click.echo("\t".join(row))


@keys_group.command("revoke")
@click.argument("key_id", type=int)
@for_a_reason
def revoke(key_id: int) -> None:
    """End a key at its next call."""
    with transaction() as session:
        api_keys.revoke_key(session, key_id)
    click.echo(_("Done."))
