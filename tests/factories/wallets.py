"""Somebody at the counter of a canteen, and elders with money in their wallets there."""

from contextlib import contextmanager
from itertools import count

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.models import Role
from server.meals.wallets.keeping import top_up
from tests.factories.people import make_sign_in, make_staff

_keys = count(1)


def a_key():
    """Return what a form bears once, so that a second press does nothing."""
    return f"key{next(_keys)}"


class Desk:
    """Somebody who serves at a canteen, and acts by a sign-in of their own."""

    def __init__(self, session, site_id):
        self.staff = make_staff(session, Role.CANTEEN_STAFF, site_id=site_id)
        self.token = make_sign_in(session, staff=self.staff, days=3_650)

    @contextmanager
    def at_work(self):
        with (
            acting(Act(Face.CONSOLE, "tests", "test", token=self.token)),
            sessions.transaction() as session,
        ):
            yield session


def make_wallet(session, resident, canteen, amount_fen=5000, **given):
    """Return the wallet's number after so much was put into it."""
    entry = top_up(
        session,
        site_id=canteen.site_id,
        resident_id=resident.id,
        amount_fen=amount_fen,
        **{"key": a_key()} | given,
    )
    return entry.wallet_id
