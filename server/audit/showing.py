"""How a value of the trail may be shown: what could say something of a person is masked.

Everything is hidden that is not known to be harmless: a new column of text shows nothing until it
is named here, or its values are an enum, a number, a day or an instant.
"""

import re
from collections.abc import Callable, Mapping, Set
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from server import clock, masking
from server.db.tables import Table
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext

# Tables about places, offices and figures: nothing in them is an elder's.
OPEN_TABLES: Set[str] = {
    "api_key", "canteen", "parameter", "provider", "site", "sitting", "staff_role",
    "subsidy_batch", "subsidy_budget", "subsidy_budget_change",
}  # fmt: skip
# Tables that tell how somebody is: days and numbers of rows alone are shown.
CLOSED_TABLES: Set[str] = {
    "assessment", "assessment_sheet", "care_insurance", "departure", "disability_certificate",
    "guardianship", "identity_document", "payee_account",
}  # fmt: skip
OPEN_COLUMNS: Set[str] = {
    "account.language",
    "finding.subject",
    "opening.reason",
    "resident.village_code",
    "resident_grant.scopes",
    "staff.display_name",
    "staff.language",
    "staff.sign_in_name",
}


def _year(day: str) -> str:
    return f"{day[:4]}-**-**"


# What a person is known by, as other screens show it (domain.md §10: masking conventions).
MASKS: Mapping[str, Callable[[str], str]] = {
    "account.phone": masking.phone,
    "departure.happened_on": _year,
    "resident.born_on": _year,
    "resident.died_on": _year,
    "resident.name": masking.name,
    "resident.phone": masking.phone,
    "resident_contact.name": masking.name,
    "resident_contact.phone": masking.phone,
    "resident_grant.holder_name": masking.name,
    "staff.phone": masking.phone,
}
CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def shown(table: str, column: str, value: Any, *, in_full: bool = False) -> str:
    """Return the value as a reader may see it; `in_full` is for those who gave a reason.

    Sealed bytes are never shown: that they differ is all that anyone can read from them.
    """
    if value is None:
        return pgettext("trail", "nothing")
    kind = _kind_of(table, column)
    if isinstance(kind, sa.LargeBinary):
        return pgettext("trail", "sealed")
    place = f"{table}.{column}"
    if place in MASKS and not in_full:
        return MASKS[place](str(value))
    if in_full or table in OPEN_TABLES or place in OPEN_COLUMNS or _is_harmless(place, kind):
        return _readable(kind, column, value)
    return pgettext("trail", "hidden")


def _kind_of(table: str, column: str) -> Any:
    known = Table.metadata.tables.get(table)
    return known.c[column].type if known is not None and column in known.c else None


def _is_harmless(place: str, kind: Any) -> bool:
    if isinstance(kind, sa.Date | sa.DateTime | sa.Time) or place.endswith("_id"):
        return True
    is_closed = place.partition(".")[0] in CLOSED_TABLES
    return not is_closed and isinstance(kind, sa.Enum | sa.Integer | sa.Boolean)


def _readable(kind: Any, column: str, value: Any) -> str:
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return pgettext(CAPITAL.sub("_", kind.enum_class.__name__).lower(), str(value))
    if isinstance(kind, sa.DateTime):
        at = datetime.fromisoformat(value).astimezone(clock.CITY)
        return f"{at:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bool):
        code = "yes" if value else "no"
        return pgettext("yes_or_no", code)
    if isinstance(value, int) and column.endswith("_fen"):
        return _("{yuan} yuan", yuan=f"{value // 100:,}.{value % 100:02d}")
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return _(", ").join(value)
    return str(value)
