"""The switch of maintenance: while it is on, all can be read and nothing changed over HTTP."""

from pathlib import Path

FLAG = "maintenance"


def flag_in(var: Path) -> Path:
    """The file whose presence means maintenance, for every worker at once."""
    return var.absolute() / FLAG


def is_on(var: Path) -> bool:
    """Whether changes are refused at the moment."""
    return flag_in(var).exists()


def turn(*, on: bool, var: Path) -> None:
    """Begin or end maintenance; harmless where it is so already."""
    if on:
        var.mkdir(parents=True, exist_ok=True)
        flag_in(var).touch()
    else:
        flag_in(var).unlink(missing_ok=True)
