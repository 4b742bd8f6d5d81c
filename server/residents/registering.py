"""A window enters a person, keeps what can be said of them up to date, and notes their hardship."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from server.db.refusals import refusing
from server.errors import NotFound
from server.people import papers
from server.residents import register, rules
from server.residents.errors import (
    AlreadyNoted,
    LooksRegistered,
    PeriodOverlaps,
    PersonIncomplete,
    VillageOutOfReach,
)
from server.residents.merging.duplicates import flag_duplicates_of
from server.residents.models import (
    HardshipPeriod,
    HardshipTier,
    Resident,
    Sex,
    SpecialCare,
    SpecialCarePeriod,
)
from server.residents.presence import check_still_here
from server.residents.service import register_resident


@dataclass(frozen=True)
class Entry:
    """What a window writes down of a person; sex and birth day may be left to the ID number."""

    name: str
    village_code: str
    id_number: str | None = None
    sex: Sex | None = None
    born_on: date | None = None
    phone: str | None = None
    address: str = ""
    is_another: bool = False


def enter_resident(session: Session, entry: Entry) -> Resident:
    """Enter a person whom nobody has entered yet.

    Raises `AlreadyRegistered` for an ID number that is known, `LooksRegistered` (with the numbers
    of those alike) unless `is_another` says that this is somebody else: then the two are put down
    as a pair to be looked at. Raises what is wrong with the entry: `IdNumberUnusable`,
    `IdNumberDisagrees`, `PersonIncomplete`, `ContactPhoneUnusable`, `VillageOutOfReach`.
    """
    return _enter(session, entry, prefixes=None)


def enter_newcomer(session: Session, entry: Entry, *, city_code: str) -> Resident:
    """Enter somebody whom a facility takes in, wherever in the city they live.

    Stands within `reaching_everywhere`: those alike are looked for in the whole city, and the
    refusal does not say who they are. Raises what `enter_resident` raises.
    """
    return _enter(session, entry, prefixes=[city_code])


def _enter(session: Session, entry: Entry, *, prefixes: Sequence[str] | None) -> Resident:
    number = papers.check_id_number(entry.id_number) if entry.id_number else None
    sex, born_on = rules.settle_person(number, entry.sex, entry.born_on)
    if sex is None or born_on is None:
        raise PersonIncomplete()
    phone = papers.read_contact_phone(entry.phone) if entry.phone else None
    if not register.is_village_in_reach(session, entry.village_code, prefixes=prefixes):
        raise VillageOutOfReach()
    _check_nobody_alike(session, entry, born_on, phone, number, everywhere=prefixes is not None)
    resident = register_resident(
        session,
        name=entry.name,
        sex=sex,
        born_on=born_on,
        id_number=number,
        village_code=entry.village_code,
        address=entry.address,
        phone=phone,
    )
    flag_duplicates_of(session, [resident.id or 0])
    return resident


def correct_contact(
    session: Session, resident_id: int, *, phone: str | None, address: str, village_code: str
) -> None:
    """Keep where and how a resident is reached; whoever looks the same by that is put down.

    Raises `NotFound`, `ContactPhoneUnusable`, `VillageOutOfReach`.
    """
    register.get_in_reach(session, resident_id)
    number = papers.read_contact_phone(phone) if phone else None
    if not register.is_village_in_reach(session, village_code):
        raise VillageOutOfReach()
    session.execute(
        update(Resident)
        .where(col(Resident.id) == resident_id)
        .values(phone=number, address=address, village_code=village_code)
    )
    flag_duplicates_of(session, [resident_id])


def begin_hardship(
    session: Session, resident_id: int, *, tier: HardshipTier, starts_on: date
) -> HardshipPeriod:
    """Note a hardship tier from a civil day on; raises `PeriodOverlaps`, `NotFound`, and
    `ResidentGone`, `PeriodImpossible`.
    """
    register.get_in_reach(session, resident_id)
    check_still_here(session, resident_id)
    rules.check_period(starts_on, None)
    period = HardshipPeriod(resident_id=resident_id, tier=tier, starts_on=starts_on)
    with refusing(session, {"ex_hardship_period_one_tier_a_day": PeriodOverlaps()}):
        session.add(period)
    return period


def end_hardship(session: Session, resident_id: int, period_id: int, *, ends_on: date) -> None:
    """Let a hardship tier hold until the day before `ends_on`; raises `NotFound`."""
    _end(session, HardshipPeriod, resident_id, period_id, ends_on)


def begin_special_care(
    session: Session, resident_id: int, *, care: SpecialCare, starts_on: date
) -> SpecialCarePeriod:
    """Note why a resident is called on, from a civil day on; raises `AlreadyNoted`, `NotFound`, and
    `ResidentGone`, `PeriodImpossible`.
    """
    register.get_in_reach(session, resident_id)
    check_still_here(session, resident_id)
    rules.check_period(starts_on, None)
    period = SpecialCarePeriod(resident_id=resident_id, care=care, starts_on=starts_on)
    with refusing(session, {"uq_special_care_period_open": AlreadyNoted()}):
        session.add(period)
    return period


def end_special_care(session: Session, resident_id: int, period_id: int, *, ends_on: date) -> None:
    """Let a reason hold until the day before `ends_on`; raises `NotFound`."""
    _end(session, SpecialCarePeriod, resident_id, period_id, ends_on)


def _check_nobody_alike(
    session: Session,
    entry: Entry,
    born_on: date,
    phone: str | None,
    number: str | None,
    *,
    everywhere: bool,
) -> None:
    if entry.is_another or (number and register.find_by_id_number(session, number)):
        return  # A known number is refused by the database itself.
    alike = register.find_likenesses(
        session,
        name=entry.name,
        born_on=born_on,
        phone=phone,
        village_code=entry.village_code,
        everywhere=everywhere,
    )
    if alike:
        raise LooksRegistered(resident_ids=[] if everywhere else [row.id for row in alike])


def _end(session: Session, model: Any, resident_id: int, period_id: int, ends_on: date) -> None:
    """A day before the first is the first day, after which nothing held."""
    register.get_in_reach(session, resident_id)
    period = session.execute(
        select(model).where(model.id == period_id, model.resident_id == resident_id)
    ).scalar_one_or_none()
    if period is None:
        raise NotFound()
    if period.ends_on is None or ends_on < period.ends_on:
        rules.check_period(period.starts_on, max(ends_on, period.starts_on))
        period.ends_on = max(ends_on, period.starts_on)
        session.flush()
