"""`yinling migrate`: bring the schema of the cities to the newest step."""

import click
from sqlalchemy import Connection, text

from infra.processes import Platform
from server.i18n.catalogues import gettext as _
from server.migrations.run import migrate as walk
from server.migrations.run import newest_step

CITIES = text(
    r"SELECT substr(nspname, 6) FROM pg_namespace WHERE nspname ~ '^city_\d{4}$' ORDER BY 1"
)


def cities_in(connection: Connection) -> list[str]:
    """Return the codes of the cities that were added to this database."""
    return list(connection.execute(CITIES).scalars())


@click.command("migrate")
@click.pass_obj
def migrate(platform: Platform) -> None:
    """Bring every city of this database to the newest step, or the one that --city names.

    Safe to run again, and while the platform serves: old code works on the new schema.
    """
    owner = platform.owner()
    with owner.connect() as connection:
        there = cities_in(connection)
    cities = [city for city in there if platform.chosen_city in (None, city)]
    for city in cities:
        walk(owner, city, context_key=platform.settings.context_key.get_secret_value())
        click.echo(_("City {city} is at step {step}.", city=city, step=newest_step()))
    if not cities:
        missing = platform.settings.city
        raise click.ClickException(
            _(
                "City {city} is not set up here. Set it up first: yinling city add {city}",
                city=missing,
            )
        )
