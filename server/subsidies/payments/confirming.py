"""What a bank's answer says did not arrive is held by another person against what the bank sent."""

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.subsidies.errors import AlreadyDecided, NeedsAnotherPerson
from server.subsidies.payments.models import SubsidyBankReturn

BROKEN = {"ck_subsidy_bank_return_not_confirmed_by_its_importer": NeedsAnotherPerson()}


def confirm_return(session: Session, return_id: int) -> SubsidyBankReturn:
    """Another person than who took it in finds that the bank did say so; what failed is free then.

    An answer that names no failure needs none. Raises `AlreadyDecided`, `NeedsAnotherPerson`,
    `NotFound`.
    """
    taken = _hold(session, return_id)
    if taken.confirmed_at is not None:
        raise AlreadyDecided()
    with refusing(session, BROKEN):
        taken.confirmed_at, taken.confirmed_by = clock.now(), actor_of(session).staff_id
    return taken


def _hold(session: Session, return_id: int) -> SubsidyBankReturn:
    query = select(SubsidyBankReturn).where(
        col(SubsidyBankReturn.id) == return_id,
        col(SubsidyBankReturn.failed) + col(SubsidyBankReturn.came_back) > 0,
    )
    found: SubsidyBankReturn | None = session.execute(
        query.with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found
