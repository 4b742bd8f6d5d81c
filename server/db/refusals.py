"""Where a constraint of the database becomes a refusal of the domain."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session


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
