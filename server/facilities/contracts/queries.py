"""Contracts, bills and balances of stays, and money at risk by facility."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Row, case, cast, func, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.facilities.contracts.differences import Fee, Stand, corrected, stand_of
from server.facilities.contracts.models import BillCorrection, Contract, Record, StayBill
from server.facilities.models import BedOccupancy, BedState, Stay
from server.ledger.models import AccountKind, LedgerAccount, LedgerEntry, LedgerPosting
from server.providers.models import Site
from server.providers.queries import within
from server.residents.models import Resident

SLEPT = (BedState.OCCUPIED, BedState.ON_LEAVE, BedState.IN_HOSPITAL)


SUBJECT = "stay:"


def subject_of(stay_id: int) -> str:
    """Return by which name the ledger knows a stay."""
    return f"{SUBJECT}{stay_id}"


def reference_of_bill(stay_id: int, month: date) -> str:
    """Return by what a bill is posted once."""
    return f"bill:{stay_id}:{month:%Y-%m}"


def reference_of_correction(stay_id: int, month: date, number: int) -> str:
    """Return by what a correction of a bill is posted once."""
    return f"{reference_of_bill(stay_id, month)}:{number}"


def reference_of_settlement(stay: Stay) -> str:
    """Return by what the first settlement of each end of a stay is posted once.

    An end that was a mistake is taken back: the stay goes on, and so does its money. Where more
    came to be held after it, the second of the same end has `:2` behind, and so on.
    """
    return f"settlement:{stay.id}:{stay.ended_on or ''}"


def was_settled() -> Any:
    """Whether a stay of the statement was settled at its end, as `reference_of_settlement`."""
    return select(col(LedgerPosting.id)).where(_is_settlement()).exists()


def was_corrected_since() -> Any:
    """Whether a bill of a stay of the statement was corrected after its end was settled."""
    since = select(col(LedgerPosting.id)).where(_is_settlement()).scalar_subquery()
    later = select(col(BillCorrection.id)).where(
        col(BillCorrection.stay_id) == col(Stay.id), col(BillCorrection.posting_id) > since
    )
    return later.exists()


def _is_settlement() -> Any:
    ended_on = func.to_char(col(Stay.ended_on), "YYYY-MM-DD")
    reference = func.concat("settlement:", col(Stay.id), ":", ended_on)
    return col(LedgerPosting.reference) == reference


def list_contracts(session: Session, stay_id: int) -> Sequence[Contract]:
    """Return the contracts of a stay, the first first."""
    return list_contracts_of(session, [stay_id])[stay_id]


def list_contracts_of(
    session: Session, stay_ids: Sequence[int]
) -> Mapping[int, Sequence[Contract]]:
    """Return stay → its contracts, the first first."""
    query = select(Contract).where(col(Contract.stay_id).in_(stay_ids))
    found: dict[int, list[Contract]] = {stay_id: [] for stay_id in stay_ids}
    for contract in session.execute(query.order_by(col(Contract.starts_on))).scalars():
        found[contract.stay_id].append(contract)
    return found


def list_bills(session: Session, stay_id: int) -> Sequence[StayBill]:
    """Return the bills of a stay, the latest first."""
    query = select(StayBill).where(col(StayBill.stay_id) == stay_id)
    return session.execute(query.order_by(col(StayBill.month).desc())).scalars().all()


def list_corrections(session: Session, stay_id: int) -> Sequence[BillCorrection]:
    """Return the corrections of a stay's bills, by month in the order they were written."""
    query = select(BillCorrection).where(col(BillCorrection.stay_id) == stay_id)
    order = (col(BillCorrection.month), col(BillCorrection.number))
    return session.execute(query.order_by(*order)).scalars().all()


def get_correction(session: Session, stay_id: int, correction_id: int) -> BillCorrection:
    """Return a correction of a bill of the stay; raises `NotFound` for any other."""
    query = select(BillCorrection).where(
        col(BillCorrection.id) == correction_id, col(BillCorrection.stay_id) == stay_id
    )
    correction: BillCorrection | None = session.execute(query).scalar_one_or_none()
    if correction is None:
        raise NotFound()
    return correction


def lines_billed(
    session: Session, stay_ids: Sequence[int]
) -> Mapping[tuple[int, date], Mapping[Fee, Stand]]:
    """Return (stay, month) → what its bill and the corrections of it come to by fee."""
    bills = select(StayBill).where(col(StayBill.stay_id).in_(stay_ids))
    found: dict[tuple[int, date], Mapping[Fee, Stand]] = {
        (bill.stay_id, bill.month): stand_of(bill.lines)
        for bill in session.execute(bills).scalars()
    }
    later = select(BillCorrection).where(col(BillCorrection.stay_id).in_(stay_ids))
    for one in session.execute(later.order_by(col(BillCorrection.number))).scalars():
        found[one.stay_id, one.month] = corrected(found[one.stay_id, one.month], one.lines)
    return found


def find_bill(session: Session, stay_id: int, month: date) -> StayBill | None:
    """Return the bill of a month, None where there is none yet."""
    query = select(StayBill).where(col(StayBill.stay_id) == stay_id, col(StayBill.month) == month)
    bill: StayBill | None = session.execute(query).scalar_one_or_none()
    return bill


def get_bill(session: Session, stay_id: int, bill_id: int) -> StayBill:
    """Return a bill of the stay; raises `NotFound` for any other."""
    query = select(StayBill).where(col(StayBill.id) == bill_id, col(StayBill.stay_id) == stay_id)
    bill: StayBill | None = session.execute(query).scalar_one_or_none()
    if bill is None:
        raise NotFound()
    return bill


def list_nights(session: Session, stay_id: int) -> Sequence[Record]:
    """Return (first night, day of leaving, is away) of the stay's records that count."""
    return list_nights_of(session, [stay_id])[stay_id]


def list_nights_of(session: Session, stay_ids: Sequence[int]) -> Mapping[int, Sequence[Record]]:
    """Return stay → (first night, day of leaving, is away) of its records that count."""
    rows = session.execute(
        select(
            col(BedOccupancy.stay_id),
            col(BedOccupancy.starts_on),
            col(BedOccupancy.ends_on),
            col(BedOccupancy.state),
        )
        .where(
            col(BedOccupancy.stay_id).in_(stay_ids),
            col(BedOccupancy.superseded_at).is_(None),
            col(BedOccupancy.state).in_(SLEPT),
        )
        .order_by(col(BedOccupancy.starts_on))
    ).all()
    found: dict[int, list[Record]] = {stay_id: [] for stay_id in stay_ids}
    for row in rows:
        is_away = row.state is not BedState.OCCUPIED
        found[row.stay_id].append((row.starts_on, row.ends_on, is_away))
    return found


def list_bills_of_month(session: Session, site_id: int, month: date) -> Sequence[Row[Any]]:
    """Return (stay_id, name, bill, corrected_fen) of everybody who has a bill of the month at the
    facility; `corrected_fen` is what its corrections come to."""
    corrected = select(_in_all(col(BillCorrection.total_fen))).where(
        col(BillCorrection.stay_id) == col(StayBill.stay_id),
        col(BillCorrection.month) == col(StayBill.month),
    )
    query = (
        select(
            col(StayBill.stay_id),
            col(Resident.name),
            StayBill,
            corrected.scalar_subquery().label("corrected_fen"),
        )
        .join(Stay, col(Stay.id) == col(StayBill.stay_id))
        .outerjoin(Resident, col(Resident.id) == col(Stay.resident_id))
        .where(col(Stay.site_id) == site_id, col(StayBill.month) == month)
    )
    return session.execute(query.order_by(col(StayBill.stay_id))).all()


def find_stay_names(session: Session, stay_ids: Sequence[int]) -> Mapping[int, str]:
    """Return stay → name of whose it is, of those whom the actor may know."""
    query = select(col(Stay.id), col(Resident.name)).join(
        Resident, col(Resident.id) == col(Stay.resident_id)
    )
    found = session.execute(query.where(col(Stay.id).in_(stay_ids)))
    return {row.id: row.name for row in found}


def list_money_held(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return (site_id, name, prepaid_fen, deposit_fen, owed_fen, stays) by facility, most first.

    `prepaid_fen` and `deposit_fen` are other people's money that the facility holds.
    """
    prepaid, deposit = -_sum(AccountKind.PREPAID), -_sum(AccountKind.DEPOSIT)
    owed = _sum(AccountKind.RECEIVABLE)
    query: Any = (
        select(
            col(Site.id).label("site_id"),
            col(Site.name),
            prepaid.label("prepaid_fen"),
            deposit.label("deposit_fen"),
            owed.label("owed_fen"),
            func.count(col(LedgerAccount.subject).distinct()).label("stays"),
        )
        .join(LedgerAccount, col(LedgerAccount.site_id) == col(Site.id))
        .join(LedgerEntry, col(LedgerEntry.account_id) == col(LedgerAccount.id))
        .where(within(prefixes, site_ids), col(LedgerAccount.subject).like(f"{SUBJECT}%"))
        .group_by(col(Site.id), col(Site.name))
        .order_by((prepaid + deposit).desc(), col(Site.name), col(Site.id))
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows


def _sum(kind: AccountKind) -> Any:
    """The balance of a kind of account; money that is owed to somebody stands below nought."""
    return _in_all(case((col(LedgerAccount.kind) == kind, col(LedgerEntry.amount_fen))))


def _in_all(amounts: Any) -> Any:
    return cast(func.coalesce(func.sum(amounts), 0), BigInteger)
