"""Lets commands find the platform they run on, wired to its database and in its city."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from infra.processes import Platform


def wired(command: click.Command) -> click.Command:
    """Return the command, or the whole group, each act of it run by the wired platform itself.

    Asking for help starts nothing. A command that is called without a platform (in a test) finds
    the surroundings that its caller has made.
    """
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            wired(inner)
    elif command.callback is not None:
        command.callback = _on_the_platform(command.callback)
    return command


def _on_the_platform(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        context = click.get_current_context()
        platform = context.find_object(Platform)
        if platform is None:
            return callback(*args, **kwargs)
        with platform.working(action_of(context)):
            return callback(*args, **kwargs)

    return wrapper


def action_of(context: click.Context) -> str:
    """Return the words of the command as the act's name: `import facilities`."""
    return context.command_path.partition(" ")[2]
