"""By which devices, addresses and wishes the owners of messages can be reached; for the worker."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import delete, or_, select
from sqlmodel import Session, col

from server.notifications.kinds import kind_of
from server.notifications.models import Channel, MessageOptOut, PushDevice, StaffEmail
from server.notifications.service import Claimed


@dataclass(frozen=True)
class Reach:
    """How one owner can be reached, and what they do not wish."""

    devices: Sequence[PushDevice] = ()
    address: str | None = None
    unwanted: Collection[tuple[str, Channel]] = ()

    def refuses(self, message: Claimed) -> bool:
        """True when its owner wants no such message by this way, and may say so."""
        kind = kind_of(message.kind)
        return kind.may_opt_out and (kind.topic.value, message.channel) in self.unwanted


Owner = tuple[int | None, int | None]
Owned = TypeVar("Owned", PushDevice, MessageOptOut)


def find_reaches(session: Session, messages: Sequence[Claimed]) -> Mapping[Owner, Reach]:
    """Return by (account, staff) how the owners of these messages can be reached."""
    accounts = {one.account_id for one in messages if one.account_id is not None}
    staff = {one.staff_id for one in messages if one.staff_id is not None}
    if not accounts and not staff:
        return {}
    devices = _by_owner(session, PushDevice, accounts, staff)
    unwanted = _by_owner(session, MessageOptOut, accounts, staff)
    addresses = _addresses(session, staff)
    return {
        owner: Reach(
            devices.get(owner, ()),
            addresses.get(owner[1]),
            {(one.topic, one.channel) for one in unwanted.get(owner, ())},
        )
        for owner in {(one.account_id, one.staff_id) for one in messages}
    }


def forget_devices(session: Session, values: Collection[str]) -> None:
    """The app was removed from these devices."""
    session.execute(delete(PushDevice).where(col(PushDevice.value).in_(values)))


def _by_owner(
    session: Session, table: type[Owned], accounts: Collection[int], staff: Collection[int]
) -> dict[Owner, list[Owned]]:
    rows = session.execute(
        select(table)
        .where(or_(col(table.account_id).in_(accounts), col(table.staff_id).in_(staff)))
        .order_by(col(table.id))
    )
    found: dict[Owner, list[Owned]] = {}
    for row in rows.scalars():
        session.expunge(row)  # Read after the transaction, by the threads that send.
        found.setdefault((row.account_id, row.staff_id), []).append(row)
    return found


def _addresses(session: Session, staff: Collection[int]) -> dict[int | None, str]:
    if not staff:
        return {}
    rows = select(col(StaffEmail.staff_id), col(StaffEmail.address)).where(
        col(StaffEmail.staff_id).in_(staff)
    )
    return {row.staff_id: row.address for row in session.execute(rows)}
