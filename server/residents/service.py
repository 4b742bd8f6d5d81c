"""Enter people into the register, and let accounts act for them."""

from datetime import date

from sqlmodel import Session

from server.db.refusals import refusing
from server.residents import rules
from server.residents.errors import AlreadyRegistered
from server.residents.models import (
    ID_NUMBER_FIELD,
    GrantKind,
    HelperScope,
    Resident,
    ResidentGrant,
    Sex,
)
from server.secrets.fields import keyring


def register_resident(
    session: Session,
    *,
    name: str,
    sex: Sex,
    born_on: date,
    id_number: str | None,
    village_code: str,
    address: str = "",
    phone: str | None = None,
) -> Resident:
    """Enter a person; raises `IdNumberUnusable` and `AlreadyRegistered`.

    Without a mainland ID number the person can be entered, and found by name and phone alone.
    """
    pinyin, initials = rules.pinyin_of(name)
    resident = Resident(
        name=name,
        pinyin=pinyin,
        initials=initials,
        sex=sex,
        born_on=born_on,
        village_code=village_code,
        address=address,
        phone=phone,
    )
    if id_number is not None:
        checked = rules.check_id_number(id_number)
        resident.id_number_cipher = keyring().encrypt(checked, ID_NUMBER_FIELD)
        resident.id_number_digest = keyring().digest(checked, ID_NUMBER_FIELD)
    with refusing(session, {"uq_resident_id_number_digest": AlreadyRegistered()}):
        session.add(resident)
    return resident


def grant(
    session: Session, *, account_id: int, resident_id: int, kind: GrantKind, starts_on: date
) -> ResidentGrant:
    """Let an account act for a resident from a day on; a helper books meals."""
    given = ResidentGrant(
        account_id=account_id,
        resident_id=resident_id,
        kind=kind,
        scopes=[HelperScope.BOOK_MEALS.value] if kind is GrantKind.HELPER else [],
        starts_on=starts_on,
    )
    session.add(given)
    session.flush()
    return given


def choose_usual_canteen(session: Session, resident_id: int, *, canteen_id: int) -> None:
    """Remember where a resident usually eats."""
    resident = session.get_one(Resident, resident_id)
    resident.usual_canteen_id = canteen_id
    session.flush()
