"""Who somebody is, put right: a name, a birth day, an ID number that was written down wrongly.

What was decided on the strength of the old particulars (a meal's split, an assessment) stays as it
was decided; the trail keeps both. From the next decision on the corrected ones count.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from server.db.refusals import refusing
from server.people import papers
from server.residents import register, rules
from server.residents.errors import AlreadyRegistered, BornAfterLeaving, PersonIncomplete
from server.residents.merging.duplicates import flag_duplicates_of
from server.residents.models import ID_NUMBER_FIELD, Resident, Sex
from server.secrets.fields import keyring


@dataclass(frozen=True)
class Particulars:
    """Who somebody is by their papers; sex and birth day may be left to the ID number.

    Without an `id_number` none is kept: it stood in the wrong person's file.
    """

    name: str
    id_number: str | None = None
    sex: Sex | None = None
    born_on: date | None = None


def correct_particulars(session: Session, resident_id: int, right: Particulars) -> None:
    """Keep who somebody is by their papers; whoever looks the same by that is put down.

    Raises `NotFound`, `IdNumberUnusable`, `IdNumberDisagrees` (with sex or birth day as typed),
    `PersonIncomplete`, `AlreadyRegistered` where somebody else has the number, and
    `BornAfterLeaving`.
    """
    register.get_in_reach(session, resident_id)
    number = papers.check_id_number(right.id_number) if right.id_number else None
    sex, born_on = rules.settle_person(number, right.sex, right.born_on)
    if sex is None or born_on is None:
        raise PersonIncomplete()
    pinyin, initials = papers.pinyin_of(right.name)
    values = {
        "name": right.name, "pinyin": pinyin, "initials": initials, "sex": sex, "born_on": born_on,
    } | _sealed(number)  # fmt: skip
    with refusing(session, REFUSALS):
        session.execute(update(Resident).where(col(Resident.id) == resident_id).values(values))
    flag_duplicates_of(session, [resident_id])


REFUSALS = {
    "uq_resident_id_number_digest": AlreadyRegistered(),
    "ck_resident_died_after_birth": BornAfterLeaving(),
    "ck_resident_moved_after_birth": BornAfterLeaving(),
}


def _sealed(number: str | None) -> dict[str, Any]:
    """The number as it is kept and found; the same number in a new cipher is no other number."""
    if number is None:
        return {"id_number_cipher": None, "id_number_digest": None}
    return {
        "id_number_cipher": keyring().encrypt(number, ID_NUMBER_FIELD),
        "id_number_digest": keyring().digest(number, ID_NUMBER_FIELD),
    }
