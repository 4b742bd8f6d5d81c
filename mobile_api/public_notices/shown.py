"""A notice in the shape in which its page and its paper show it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from server.i18n.catalogues import current_language, pgettext
from server.i18n.catalogues import gettext as _
from server.policies.programmes.schema import Notice


class Standing(StrEnum):
    """How a notice stands today; only while it stands is its list shown."""

    STANDS = "stands"  # 公示中
    OVER = "over"  # 公示期满
    WITHDRAWN = "withdrawn"  # 已撤回


@dataclass(frozen=True)
class Told:
    """A notice for everybody."""

    code: str
    standing: Standing
    programme: str
    months: str
    division: str
    starts_on: date
    ends_on: date
    days: str
    basis: str
    withdrawn_because: str

    @property
    def stands(self) -> bool:
        return self.standing is Standing.STANDS


def told(row: Row[Any], today: date) -> Told:
    terms = Notice.model_validate(row.terms)
    return Told(
        code=row.code,
        standing=_standing(row, today),
        programme=_in_language(row.programme_name),
        months=_months(row.first_month, row.months),
        division=row.division_name or "",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        days=pgettext("notice_days", terms.counted, count=terms.days),
        basis=_basis(row.documents, terms),
        withdrawn_because=row.words if row.withdrawn_at else "",
    )


def _standing(row: Row[Any], today: date) -> Standing:
    if row.withdrawn_at is not None:
        return Standing.WITHDRAWN
    return Standing.STANDS if today <= row.ends_on else Standing.OVER


def _in_language(words: dict[str, str]) -> str:
    return words["zh" if current_language() == "zh-CN" else "en"]


def _months(first: date, months: int) -> str:
    if months == 1:
        return f"{first:%Y-%m}"
    whole = first.year * 12 + first.month - 1 + months - 1
    return f"{first:%Y-%m} – {whole // 12}-{whole % 12 + 1:02d}"


def _basis(documents: dict[str, Any], terms: Notice) -> str:
    document = documents.get(terms.document, {})
    return _("{document}, {clause}", document=document.get("title", ""), clause=terms.clause)
