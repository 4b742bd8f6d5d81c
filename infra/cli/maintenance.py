"""`yinling maintenance on|off`: let everybody read and nobody change, for a while."""

import click

from infra.maintenance import turn
from infra.processes import Platform
from server.i18n.catalogues import gettext as _


@click.command("maintenance")
@click.argument("state", type=click.Choice(["on", "off"]))
@click.pass_obj
def maintenance(platform: Platform, state: str) -> None:
    """Refuse every change over HTTP with a kind answer, at once and until switched off.

    Reading goes on. The switch is a file under var/, so it holds over restarts.
    """
    turn(on=state == "on", var=platform.var)
    if state == "on":
        click.echo(_("Maintenance is on: everything can be read, nothing can be changed."))
    else:
        click.echo(_("Maintenance is off: everything works again."))
