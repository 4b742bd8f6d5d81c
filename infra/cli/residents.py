"""`yinling residents`: looking after the register as a whole."""

import click

from server.db.sessions import transaction
from server.i18n.catalogues import gettext as _
from server.residents.loading import PATIENCE
from server.residents.merging.duplicates import find_duplicates


@click.group("residents")
def residents_group() -> None:
    """Look after the register of elderly people."""


@residents_group.group("duplicates")
def duplicates_group() -> None:
    """Find people who are in the register twice."""


@duplicates_group.command("find")
def find() -> None:
    """Put down all pairs of one name and birth day, and one phone or village.

    They wait in the console for somebody to look at. What was decided before stays decided.
    """
    with transaction() as session:
        session.connection().execute(PATIENCE)
        number = find_duplicates(session)
    click.echo(_("{number} new pairs wait to be looked at.", number=f"{number:,}"))
