"""Where a site is paid to: told by one person, confirmed by another, from a day on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, func, select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.errors import NotFound
from server.providers.models import Site
from server.residents.facts.rules import SHOWN_OF_AN_ACCOUNT, read_account
from server.secrets.fields import keyring
from server.subsidies.budgets.holding import hold_asked
from server.subsidies.budgets.models import ChangeState
from server.subsidies.errors import NeedsAnotherPerson
from server.subsidies.payments.errors import SiteAccountWaits
from server.subsidies.payments.models import SITE_ACCOUNT_FIELD, SubsidySiteAccount

ACCOUNT = table_of(SubsidySiteAccount)
HIDDEN = {"account_cipher", "account_digest"}


def tell_account(
    session: Session, site_id: int, *, bank: str, account: str, holder_name: str, starts_on: date
) -> SubsidySiteAccount:
    """Tell where a site is to be paid from a day on; it counts once another person confirms it.

    Raises `AccountNumberUnusable`, `SiteAccountWaits`.
    """
    number = read_account(account)
    told = SubsidySiteAccount(
        site_id=site_id,
        bank=bank.strip(),
        account_cipher=keyring().encrypt(number, SITE_ACCOUNT_FIELD),
        account_digest=keyring().digest(number, SITE_ACCOUNT_FIELD),
        last_four=number[-SHOWN_OF_AN_ACCOUNT:],
        holder_name=holder_name.strip(),
        starts_on=starts_on,
        state=ChangeState.ASKED,
        asked_at=clock.now(),
        asked_by=actor_of(session).staff_id,
    )
    with refusing(session, {"uq_subsidy_site_account_waits": SiteAccountWaits()}):
        session.add(told)
    return told


def decide_account(session: Session, account_id: int, *, is_right: bool) -> SubsidySiteAccount:
    """Confirm or refuse an account that another person told, once.

    Raises `AlreadyDecided`, `NeedsAnotherPerson`, `NotFound`.
    """
    account = hold_asked(session, SubsidySiteAccount, account_id)
    another = {"ck_subsidy_site_account_not_decided_by_its_asker": NeedsAnotherPerson()}
    with refusing(session, another):
        account.state = ChangeState.ACCEPTED if is_right else ChangeState.REFUSED
        account.decided_at, account.decided_by = clock.now(), actor_of(session).staff_id
    return account


def list_accounts(
    session: Session, within: ColumnElement[bool], *, state: ChangeState | None = None
) -> Sequence[Row[Any]]:
    """Return accounts of these sites, what waits first; the whole number never."""
    columns = [column for column in ACCOUNT.c if column.name not in HIDDEN]
    names = (
        func.name_of_staff(ACCOUNT.c[column], type_=Text).label(label)
        for column, label in (("asked_by", "asker"), ("decided_by", "decider"))
    )
    query: Any = (
        select(*columns, *names, col(Site.name).label("site_name"))
        .join(Site, col(Site.id) == ACCOUNT.c.site_id)
        .where(within)
    )
    if state is not None:
        query = query.where(ACCOUNT.c.state == state)
    first = ACCOUNT.c.state != ChangeState.ASKED
    return session.execute(query.order_by(first, ACCOUNT.c.id.desc())).all()


def list_sites(session: Session, within: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return (id, name) of these sites, by name."""
    query: Any = select(col(Site.id).label("id"), col(Site.name).label("name")).where(within)
    return session.execute(query.order_by(col(Site.name), col(Site.id))).all()


def find_account(session: Session, within: ColumnElement[bool], account_id: int) -> Row[Any]:
    """Return one of these sites; raises `NotFound`."""
    query = (
        select(ACCOUNT.c.id, ACCOUNT.c.site_id)
        .join(Site, col(Site.id) == ACCOUNT.c.site_id)
        .where(within, ACCOUNT.c.id == account_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row
