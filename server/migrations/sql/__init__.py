"""Functions, triggers, policies and rights of the steps, as plain SQL."""

from pathlib import Path

from alembic import op


def execute(*names: str) -> None:
    """Run the files in the order given, inside the step's transaction."""
    for name in names:
        script = (Path(__file__).parent / f"{name}.sql").read_text()
        op.get_bind().exec_driver_sql(script.replace("%", "%%"))
