"""`yinling counter`: the city's keys for the meal codes that counters check."""

import click

from infra.cli.staff import for_a_reason
from server import clock
from server.db.sessions import transaction
from server.i18n.catalogues import gettext as _
from server.meals.counter import keys


@click.group("counter")
def counter_group() -> None:
    """Look after what counters check meal codes by."""


@counter_group.group("keys")
def keys_group() -> None:
    """List, change and revoke the keys of meal codes."""


@keys_group.command("list")
def list_keys() -> None:
    """All keys: number, first day, state."""
    with transaction(writes=False) as session:
        rows = keys.list_keys(session)
    for key in rows:
        since = clock.day_of(key.made_at).isoformat()
        click.echo(f"{key.number}\t{since}\t{_state(key)}")


@keys_group.command("rotate")
@for_a_reason
def rotate() -> None:
    """Let a new key sign from now; codes of the one before still hold."""
    with transaction() as session:
        number = keys.make_key(session)
    click.echo(_("Key {number} signs from now.", number=number))


@keys_group.command("revoke")
@click.argument("number", type=click.IntRange(1, 255))
@for_a_reason
def revoke(number: int) -> None:
    """Believe no code of a key any more: counters learn it with their next list."""
    with transaction() as session:
        present = keys.revoke_key(session, number)
    click.echo(_("Key {number} is revoked. Key {present} signs.", number=number, present=present))


def _state(key: object) -> str:
    if getattr(key, "revoked_at", None):
        return _("revoked")
    return _("still believed") if getattr(key, "retired_at", None) else _("signs")
