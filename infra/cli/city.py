"""`yinling city`: set a city up."""

import click

from infra.cities import NoSuchCity, add_city
from infra.processes import Platform
from server.i18n.catalogues import gettext as _


@click.group("city")
def city_group() -> None:
    """Set a city up: its schema, its divisions, the figures to begin with."""


@city_group.command("add")
@click.argument("code")
@click.pass_obj
def add(platform: Platform, code: str) -> None:
    """Add the city of this four-digit CODE, or bring it up to date; again changes nothing."""
    platform.wire()
    key = platform.settings.context_key.get_secret_value()
    try:
        added = add_city(code, owner=platform.owner(), context_key=key)
    except NoSuchCity:
        raise click.ClickException(_("There is no city of code {code}.", code=code)) from None
    click.echo(
        _(
            "{name} is set up: {new} divisions new, {unchanged} unchanged, {figures} figures new.",
            name=added.name,
            new=added.divisions.new,
            unchanged=added.divisions.unchanged,
            figures=added.new_figures,
        )
    )
