"""Contracts of the demo's residents in care, two months of bills, what was paid and is still owed.

Posted through the same services as everybody's; the platform's own time began two months ago.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Any

from sqlalchemy import Row, insert, text
from sqlmodel import Session

from infra.demo.beginning import Beginning
from infra.demo.papers import DEPOSIT_BED_FEES, MOST_NURSING_FEN, fees_of
from server import clock
from server.facilities.contracts.billing import bill_everybody
from server.facilities.contracts.models import Contract
from server.facilities.contracts.queries import subject_of
from server.facilities.contracts.rules import A_DAY, first_of, months_between
from server.facilities.contracts.service import bill_month
from server.facilities.contracts.settling import settle
from server.ledger.models import AccountKind, PostingKind
from server.ledger.queries import balances_by_subject
from server.ledger.service import Draft, post_all

A_YEAR = timedelta(days=365)
NURSING_STEPS = 5
IN_ADVANCE_OF_100, MONTHS_IN_ADVANCE = 30, (3, 6)
PAID_OF_100 = 85

ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM contract)")
STAYS = text(
    "SELECT s.id, s.site_id, s.admitted_on, s.ended_on, h.monthly_price_from_fen AS price"
    "  FROM stay s JOIN site h ON h.id = s.site_id"
    " WHERE h.source_name = 'demo' AND s.admitted_on IS NOT NULL"
    "   AND h.monthly_price_from_fen IS NOT NULL AND (s.ended_on IS NULL OR s.ended_on > :since)"
    " ORDER BY s.site_id, s.id"
)

Line = dict[str, Any]


def is_money_there(session: Session) -> bool:
    """True for a demo whose stays have contracts already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_money(session: Session, beginning: Beginning) -> int:
    """Note contracts and two months of money, once; returns how many contracts."""
    if is_money_there(session):
        return 0
    months = _last_two_months()
    stays = session.connection().execute(STAYS, {"since": months[0]}).all()
    chance = Random(f"{beginning.seed}/money")
    contracts = {stay.id: _contract(stay, months[0], chance) for stay in stays}
    if contracts:
        session.execute(insert(Contract), list(contracts.values()))
    for site_id, of_site in groupby(stays, key=lambda stay: stay.site_id):
        ids = [stay.id for stay in of_site]
        _receive(session, site_id, {one: contracts[one] for one in ids}, chance)
        for month in months:
            bill_everybody(session, site_id, month)
        _pay(session, site_id, ids, chance)
    _settle_some([stay for stay in stays if stay.ended_on is not None], contracts, session)
    return len(contracts)


def _last_two_months() -> tuple[date, date]:
    last = first_of(first_of(clock.today()) - A_DAY)
    return first_of(last - A_DAY), last


def _contract(stay: Row[Any], since: date, chance: Random) -> Line:
    """A year, renewed on its day: some end soon."""
    years = (clock.today() - stay.admitted_on) // A_YEAR + 1
    fees = fees_of(stay.price)
    step = MOST_NURSING_FEN // NURSING_STEPS * chance.randint(0, NURSING_STEPS)
    return {
        "stay_id": stay.id,
        "number": f"{stay.admitted_on:%Y}-{stay.id:05d}",
        "starts_on": max(stay.admitted_on, since),
        "ends_on": stay.admitted_on + years * A_YEAR,
        "bed_fen": fees["bed"],
        "nursing_fen": fees["nursing"] + step,
        "meals_fen": fees["meals"],
        "other_fen": 0,
        "deposit_fen": fees["bed"] * DEPOSIT_BED_FEES,
    }


def _receive(session: Session, site_id: int, contracts: Mapping[int, Line], chance: Random) -> None:
    """The deposit of everybody, and months in advance of some."""
    drafts = list(_receipts(contracts, chance))
    since = min(contract["starts_on"] for contract in contracts.values())
    post_all(session, drafts, site_id=site_id, posted_on=since)


def _receipts(contracts: Mapping[int, Line], chance: Random) -> Iterator[Draft]:
    for stay_id, contract in contracts.items():
        yield _received(stay_id, PostingKind.DEPOSIT, AccountKind.DEPOSIT, contract["deposit_fen"])
        if chance.randrange(100) < IN_ADVANCE_OF_100:
            fees = ("bed_fen", "nursing_fen", "meals_fen", "other_fen")
            month_fen = sum(contract[fee] for fee in fees)
            months = chance.choice(MONTHS_IN_ADVANCE)
            yield _received(stay_id, PostingKind.PAYMENT, AccountKind.PREPAID, month_fen * months)


def _pay(session: Session, site_id: int, stay_ids: Sequence[int], chance: Random) -> None:
    """Most pay their bills at once; the others still owe."""
    subjects = {subject_of(stay_id) for stay_id in stay_ids}
    owed = balances_by_subject(session, site_id, AccountKind.RECEIVABLE, subjects)
    drafts = [
        _received(stay_id, PostingKind.PAYMENT, AccountKind.RECEIVABLE, owed[subject_of(stay_id)])
        for stay_id in stay_ids
        if owed[subject_of(stay_id)] and chance.randrange(100) < PAID_OF_100
    ]
    post_all(session, drafts, site_id=site_id, posted_on=clock.today())


def _received(stay_id: int, kind: PostingKind, account: AccountKind, fen: int) -> Draft:
    receipt = f"示范{stay_id:05d}-{list(AccountKind).index(account)}"
    reference = f"{kind.value}:{stay_id}:{receipt}"
    return Draft(subject_of(stay_id), kind, reference, {AccountKind.CASH: fen, account: -fen})


def _settle_some(left: Sequence[Row[Any]], contracts: Mapping[int, Line], session: Session) -> None:
    """Every second of those who left has been given back what was theirs."""
    for stay in left[::2]:
        for month in months_between(contracts[stay.id]["starts_on"], stay.ended_on):
            bill_month(session, stay.id, month)
        settle(session, stay.id)
