"""Brings the city to where it can be served: set up, at the newest step, with its demo if asked."""

import time
from collections.abc import Callable

from infra.cities import add_city
from infra.demo.loading import load_demo
from infra.processes import Platform
from server.i18n.catalogues import gettext as _
from server.migrations.run import has_schema, migrate

Say = Callable[[str], None]
SAID_EVERY_S = 1.0


class NotSetUp(Exception):
    """The city is not in this database."""


def prepare(platform: Platform, *, with_demo: bool, say: Say) -> None:
    """Set the city up or bring it up to date, and load its demo if that is asked for.

    Where the owner's address is not configured, that is for others to do. Raises `NotSetUp`.
    """
    present = platform.connect()
    if present.database_owner_url is None:
        return
    if with_demo:
        _prepare_demo(platform, say)
    else:
        _bring_up_to_date(platform)


def _bring_up_to_date(platform: Platform) -> None:
    owner, present = platform.owner(), platform.settings
    with owner.connect() as connection:
        if not has_schema(connection, present.city):
            raise NotSetUp(present.city)
    migrate(owner, present.city, context_key=present.context_key.get_secret_value())


def _prepare_demo(platform: Platform, say: Say) -> None:
    say(_("Preparing the demo city …"))
    with platform.working("serve") as present:
        context_key = present.context_key.get_secret_value()
        add_city(present.city, owner=platform.owner(), context_key=context_key)
        load_demo(tell=_telling(say))


def _telling(say: Say) -> Callable[[int, int], None]:
    """Say now and then how many residents are in."""
    said_at = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SAID_EVERY_S:
            said_at = time.monotonic()
            say(_("{done} of {all} residents …", done=done, all=of))

    return tell
