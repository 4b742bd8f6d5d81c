"""The people of the demo, whom a visitor may be, and the codes their authenticators would show."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import clock
from server.db.acts import Act, acting, current_act
from server.db.sessions import transaction
from server.identity import one_time
from server.identity.models import SecondFactor
from server.identity.queries import list_offices
from server.identity.service.second_factors import secret_of
from server.settings import settings

# What `yinling demo` gives all its made-up staff, and prints; it opens nothing outside a demo.
PASSWORD = "yinling-demo"


def list_demo_people() -> Sequence[Row[Any]]:
    """Return the staff that the sign-in page offers; nobody, but in a demo."""
    if not settings().demo:
        return ()
    present = current_act()
    platform = Act(present.face, present.action, present.request_id, service=True)
    with acting(platform), transaction(writes=False) as session:
        return _people(session)


def code_of_the_moment(factor: SecondFactor | None) -> str:
    """Return a code that opens now, in a demo; nothing anywhere else.

    A visitor may come in as the same person again within the half minute: then it is the next code.
    """
    if not settings().demo or factor is None:
        return ""
    now = one_time.step_at(clock.now())
    unused = now if factor.last_step is None else max(now, factor.last_step + 1)
    return one_time.code_of(secret_of(factor), min(unused, now + 1))


def _people(session: Session) -> Sequence[Row[Any]]:
    return list_offices(session, today=clock.today())
