"""`yinling access`: who may do what, and where."""

import click

from infra.access_matrix import matrix


@click.group("access")
def access_group() -> None:
    """Say who may do what, and where."""


@access_group.command("matrix")
def show_matrix() -> None:
    """Print every permission with the offices that hold it and the routes it opens.

    The text is the same on every machine, so that two versions of it can be compared.
    """
    click.echo(matrix(), nl=False)
