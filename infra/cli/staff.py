"""`yinling staff`: accounts and roles of a city, from a machine without a browser."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

import click
from sqlmodel import Session

from server import clock
from server.db.acts import acting, current_act
from server.db.sessions import transaction
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.identity import queries
from server.identity.models import Role, Staff
from server.identity.service import staff as service
from server.identity.service.staff import OneTimeCode, Place

MOST_LISTED = 1000
ROLES = click.Choice([role.value for role in Role])
Command = Callable[..., Any]


def for_a_reason(command: Command) -> Command:
    """Ask for `--reason`, which is written into the act and so into every line of the trail."""

    @click.option("--reason", required=True, help="Why; it is written into the trail.")
    @wraps(command)
    def wrapper(*args: Any, reason: str, **kwargs: Any) -> Any:
        with acting(_because(reason)):
            return command(*args, **kwargs)

    return wrapper


def over_a_place(command: Command) -> Command:
    """Ask for the one division or the one site of an office."""

    @click.option("--division", help="Code of the division that the office reaches over.")
    @click.option("--site", type=int, help="Number of the one site that the office is at.")
    @wraps(command)
    def wrapper(*args: Any, division: str | None, site: int | None, **kwargs: Any) -> Any:
        if (division is None) == (site is None):
            message = _("An office reaches over a division or is at a site: name one.")
            raise click.UsageError(message)
        return command(*args, place=Place(division, site), **kwargs)

    return wrapper


@click.group("staff")
def staff_group() -> None:
    """Let people into the console, and out of it."""


@staff_group.command("add")
@click.argument("sign_in_name")
@click.option("--name", required=True, help="As colleagues call them.")
@click.option("--phone", help="Told when something is reset.")
@click.option("--role", required=True, type=ROLES)
@over_a_place
def add(sign_in_name: str, name: str, phone: str | None, role: str, place: Place) -> None:
    """Invite a member of staff with one office, and print their one-time code, once."""
    with transaction() as session:
        invited = service.invite(session, sign_in_name=sign_in_name, display_name=name, phone=phone)
        _give(session, invited.staff, role, place)
    _show(invited)


@staff_group.command("list")
def list_staff() -> None:
    """Everybody who has an account, with the offices they hold today."""
    with transaction(writes=False) as session:
        people = queries.list_staff(session, today=clock.today(), limit=MOST_LISTED)
        offices = queries.list_offices(session, today=clock.today())
    held: dict[str, list[str]] = {}
    for office in offices:
        words = f"{pgettext('role', office.role.value)} · {office.place}"
        held.setdefault(office.sign_in_name, []).append(words)
    for person in people:
        state = _("locked out") if person.disabled_at else ""
        words = "; ".join(held.get(person.sign_in_name, []))
        click.echo(f"{person.sign_in_name}\t{person.display_name}\t{words}\t{state}".rstrip())


@staff_group.command("give-role")
@click.argument("sign_in_name")
@click.option("--role", required=True, type=ROLES)
@over_a_place
@for_a_reason
def give_role(sign_in_name: str, role: str, place: Place) -> None:
    """Give a member of staff one more office, from today on."""
    with transaction() as session:
        _give(session, _find(session, sign_in_name), role, place)
    click.echo(_("Done."))


@staff_group.command("end-role")
@click.argument("sign_in_name")
@click.option("--role", required=True, type=ROLES)
@for_a_reason
def end_role(sign_in_name: str, role: str) -> None:
    """End an office of a member of staff, wherever they hold it."""
    with transaction() as session:
        person = _find(session, sign_in_name)
        for office in queries.list_offices_of(session, [person.id or 0]):
            if office.role == role:
                service.end_office(session, person.id or 0, office.id)
    click.echo(_("Done."))


@staff_group.command("disable")
@click.argument("sign_in_name")
@for_a_reason
def disable(sign_in_name: str) -> None:
    """Lock a member of staff out, at their next request."""
    _do(sign_in_name, service.disable)


@staff_group.command("enable")
@click.argument("sign_in_name")
@for_a_reason
def enable(sign_in_name: str) -> None:
    """Let somebody in again who was locked out."""
    _do(sign_in_name, service.enable)


@staff_group.command("reset-password")
@click.argument("sign_in_name")
@for_a_reason
def reset_password(sign_in_name: str) -> None:
    """Print a one-time code by which somebody chooses another password."""
    with transaction() as session:
        handed_out = service.reset_password(session, _find(session, sign_in_name).id or 0)
    _show(handed_out)


@staff_group.command("reset-second-factor")
@click.argument("sign_in_name")
@for_a_reason
def reset_second_factor(sign_in_name: str) -> None:
    """Forget a lost authenticator; the next sign-in sets up another."""
    _do(sign_in_name, service.reset_second_factor)


@staff_group.command("sign-out")
@click.argument("sign_in_name")
@for_a_reason
def sign_out(sign_in_name: str) -> None:
    """Sign all devices of a member of staff out."""
    _do(sign_in_name, service.end_sign_ins)


def _do(sign_in_name: str, deed: Callable[[Session, int], object]) -> None:
    with transaction() as session:
        deed(session, _find(session, sign_in_name).id or 0)
    click.echo(_("Done."))


def _find(session: Session, sign_in_name: str) -> Staff:
    found = queries.find_anybody(session, sign_in_name)
    if found is None:
        raise NotFound()
    return found


def _give(session: Session, person: Staff, role: str, place: Place) -> None:
    service.give_office(
        session, person.id or 0, role=Role(role), place=place, starts_on=clock.today()
    )


def _show(handed_out: OneTimeCode) -> None:
    name, sign_in_name = handed_out.staff.display_name, handed_out.staff.sign_in_name
    click.echo(_("{name} can sign in as {sign_in_name}.", name=name, sign_in_name=sign_in_name))
    click.echo(_("At /admin/sign-in/code, within 72 hours, they choose a password by this code."))
    click.echo(_("The one-time code, shown only now: {code}", code=handed_out.code))


def _because(reason: str) -> Any:
    return replace(current_act(), reason=reason)
