"""Where a constraint of the database becomes a refusal of the domain."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

Does = TypeVar("Does", bound=Callable[..., Any])


def all_or_nothing(function: Does) -> Does:
    """A service function, `session` first, whose refusal undoes what it had done by then.

    The transaction goes on, so that a caller may do something else instead.
    """

    @wraps(function)
    def wrapper(session: Session, *args: Any, **kwargs: Any) -> Any:
        with session.begin_nested():
            return function(session, *args, **kwargs)

    return wrapper  # type: ignore[return-value]


def broken_constraint(error: DBAPIError) -> str:
    """Return the name of the constraint that the statement broke, or an empty string."""
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""


@contextmanager
def refusing(session: Session, broken: Mapping[str, Exception]) -> Iterator[None]:
    """Flush the block, and raise the domain's own error where a named constraint breaks.

    The block runs in a savepoint, so that the transaction can go on after a refusal.
    """
    try:
        with session.begin_nested():
            yield
            session.flush()
    except DBAPIError as error:
        raise broken.get(broken_constraint(error), error) from error


@contextmanager
def refusing_finally(broken: Mapping[str, Exception]) -> Iterator[None]:
    """As `refusing`, without a savepoint: a refusal ends the transaction. For hot paths."""
    try:
        yield
    except DBAPIError as error:
        raise broken.get(broken_constraint(error), error) from error
