"""`yinling staff`: let somebody into the console of a city."""

import secrets

import click

from server import clock
from server.db.sessions import transaction
from server.i18n.catalogues import gettext as _
from server.identity.models import Role
from server.identity.service import add_staff

BYTES_OF_A_PASSWORD = 12


@click.group("staff")
def staff_group() -> None:
    """Let somebody into the console."""


@staff_group.command("add")
@click.argument("sign_in_name")
@click.option("--name", required=True, help="As colleagues call them.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--division", help="Code of the division that the office reaches over.")
@click.option("--site", type=int, help="Number of the one site that the office is at.")
def add(sign_in_name: str, name: str, role: str, division: str | None, site: int | None) -> None:
    """Add a member of staff with one office, and print their first password, once."""
    if (division is None) == (site is None):
        raise click.UsageError(_("An office reaches over a division or is at a site: name one."))
    password = secrets.token_urlsafe(BYTES_OF_A_PASSWORD)
    with transaction() as session:
        add_staff(
            session,
            sign_in_name=sign_in_name,
            display_name=name,
            password=password,
            role=Role(role),
            division_code=division,
            site_id=site,
            starts_on=clock.today(),
        )
    click.echo(_("{name} can sign in as {sign_in_name}.", name=name, sign_in_name=sign_in_name))
    click.echo(_("The password, shown only now: {password}", password=password))
