"""Brings the city to where it can be served: set up, at the newest step, and with its demo."""

import time
from collections.abc import Callable

from infra.cities import add_city, count_anew
from infra.demo.divisions import NoVillages
from infra.demo.loading import load_demo
from infra.processes import Platform
from server.i18n.catalogues import gettext as _
from server.migrations.run import find_step, migrate, newest_step

Say = Callable[[str], None]
SAID_EVERY_S = 1.0


class NotSetUp(Exception):
    """The city is not in this database."""


def prepare(platform: Platform, *, add: bool) -> None:
    """Bring the city's schema up to date; set the city up first if it is new and we may.

    Where the owner's address is not configured, that is for others to do. Raises `NotSetUp`.
    """
    present = platform.connect()
    if present.database_owner_url is None:
        return
    owner, context_key = platform.owner(), present.context_key.get_secret_value()
    with owner.connect() as connection:
        step = find_step(connection, present.city)
    if step is None and not add:
        raise NotSetUp(present.city)
    if add and step != newest_step():
        platform.wire()
        add_city(present.city, owner=owner, context_key=context_key)
    else:
        migrate(owner, present.city, context_key=context_key)


def fill_with_demo(platform: Platform, *, say: Say) -> None:
    """Load the demo, or what it lacks today; raises what `load_demo` does."""
    say(_("Preparing the demo city …"))
    with platform.working("serve") as present:
        try:
            loaded = load_demo(tell=_telling(say))
        except NoVillages:
            context_key = present.context_key.get_secret_value()
            add_city(present.city, owner=platform.owner(), context_key=context_key)
            loaded = load_demo(tell=_telling(say))
    if loaded.is_anything and present.database_owner_url is not None:
        count_anew(platform.owner())


def _telling(say: Say) -> Callable[[int, int], None]:
    """Say now and then how many residents are in."""
    said_at = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SAID_EVERY_S:
            said_at = time.monotonic()
            say(_("{done} of {all} residents …", done=done, all=of))

    return tell
