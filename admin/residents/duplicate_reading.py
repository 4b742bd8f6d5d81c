"""The page that holds two files side by side, and sentences about why they stay two, or one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from admin.pages import page
from admin.words import word
from server import masking
from server.db.sessions import actor_of
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.residents import openings
from server.residents.merging import queries
from server.residents.merging.moving import CHOOSABLE
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import keyring


@dataclass(frozen=True)
class Compared:
    """One field of both files; `choosable` where an officer may say which one counts."""

    code: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        """True where the two files say different things."""
        return self.one != self.other

    @property
    def is_choosable(self) -> bool:
        """True where it is for a person to say which one counts."""
        return self.differs and self.code in CHOOSABLE


def pair_page(session: Session, pair_id: int, **facts: Any) -> str:
    """Return the page of a pair; raises `NotFound` where one of the two is beyond one's reach."""
    pair = queries.get_pair(session, pair_id)
    sides = queries.list_sides(session, [pair.one_id, pair.other_id])
    is_open = all(openings.is_open(session, one) for one in (pair.one_id, pair.other_id))
    merges = queries.list_merges(session, pair_id)
    return page(
        session,
        "admin/residents/pair.html",
        pair=pair,
        name=pair.name if is_open else masking.name(pair.name),
        is_open=is_open,
        compared=_compared(sides[pair.one_id], sides[pair.other_id], is_open=is_open),
        merges=merges,
        standing=next((one for one in merges if one.state in queries.STANDING), None),
        own_id=actor_of(session).staff_id,
        **facts,
    )


def reasons_against(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a line of an error summary for each collision, or blocker, that a refusal names."""
    collided = [
        _("{what} ({days})", what=word("merge_collision", one["code"]), days=_days(one["days"]))
        if one["days"]
        else word("merge_collision", one["code"])
        for one in facts.get("collisions", ())
    ]
    blockers = [_blocker(code) for code in facts.get("blockers", ())]
    return [("", sentence) for sentence in (*collided, *blockers)]


def _blocker(code: str) -> str:
    kind, _dash, named = code.partition("-")
    if kind == "changed":
        return _("{field} was corrected since.", field=pgettext("field", named))
    if kind == "gone":
        return _("A record is no longer there: {table}.", table=word("trail_table", named))
    return word("merge_blocker", code)


def _days(days: Sequence[str]) -> str:
    return _(", ").join(days)


def _compared(one: Row[Any], other: Row[Any], *, is_open: bool) -> list[Compared]:
    said = [_said(side, is_open=is_open) for side in (one, other)]
    return [Compared(code, said[0][code], said[1][code]) for code in said[0]]


def _said(side: Row[Any], *, is_open: bool) -> dict[str, str]:
    """What a file says; starred until it is opened."""
    sealed = side.id_number_cipher
    number = keyring().decrypt(sealed, ID_NUMBER_FIELD) if sealed else None
    none = _("none")
    return {
        "id": str(side.id),
        "name": side.name if is_open else masking.name(side.name),
        "sex": word("sex", side.sex),
        "born_on": side.born_on.isoformat() if is_open else f"{side.born_on:%Y-%m}",
        "id_number": none if number is None else (number if is_open else masking.id_number(number)),
        "phone": _phone(side.phone, is_open=is_open) or none,
        "address": (side.address if is_open else _starred(side.address)) or none,
        "village_code": side.village_name,
        "usual_canteen_id": side.usual_canteen or none,
    }


def _phone(phone: str | None, *, is_open: bool) -> str:
    if phone is None:
        return ""
    return phone.removeprefix("+86") if is_open else masking.phone(phone)


def _starred(text: str) -> str:
    return f"{text[:3]}…" if text else ""
