"""What one person asked for is held until another has decided it."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlmodel import Session

from server.errors import NotFound
from server.subsidies.budgets.models import ChangeState
from server.subsidies.errors import AlreadyDecided

Asked = TypeVar("Asked")


def hold_asked(session: Session, model: type[Asked], key: int) -> Asked:
    """Return what was asked for, locked and read anew, whatever it is: a row with a `state`.

    Raises `NotFound`, and `AlreadyDecided` where somebody has decided it.
    """
    table: Any = model
    query = select(model).where(table.id == key).with_for_update()
    anew = query.execution_options(populate_existing=True)
    asked: Any = session.execute(anew).scalar_one_or_none()
    if asked is None:
        raise NotFound()
    if asked.state is not ChangeState.ASKED:
        raise AlreadyDecided()
    found: Asked = asked
    return found
