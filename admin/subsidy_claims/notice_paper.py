"""A notice as a paper to pin on a wall: masked names, places, months, and how to object."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Row

from admin.formats import yuan
from admin.subsidy_claims.reading import months_of, spoken
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.printing.papers import Check, Facts, Paper, Signatures, Table, Words
from server.subsidies.notices.listing import Shown


def paper_of(notice: Row[Any], rows: Sequence[Shown], *, place: str, address: str) -> Paper:
    """Return the paper; `address` is where the list stands for everybody."""
    name = spoken(notice.programme_name)
    return Paper(
        title=_("Public notice: {programme}", programme=name),
        subtitle=_("{place}, {months}", place=place, months=months_of(notice)),
        made_on=notice.starts_on,
        parts=[_days(notice), _objecting(), _list(notice, rows), Signatures([_("Office (seal)")])],
        check=Check(
            _("Scan this to read the list and to object."), digest_of(rows), address
        ),
        language=current_language()[:2],
    )  # fmt: skip


def digest_of(rows: Sequence[Shown]) -> str:
    """Return the digest of what stands in the list."""
    told = [(one.number, one.name, one.place, one.month, one.amount_fen) for one in rows]
    return sha256(orjson.dumps(told)).hexdigest()


def basis_of(notice: Row[Any]) -> str:
    """Return the titles of the documents that the programme rests on, published ones first."""
    told = sorted(notice.documents.values(), key=lambda one: one.get("standing") == "unsourced")
    return "；".join(one["title"] for one in told)


def _days(notice: Row[Any]) -> Facts:
    days = _("{first} to {last}, both counted", first=notice.starts_on, last=notice.ends_on)
    return Facts([(_("Days of the notice"), days), (_("It rests on"), basis_of(notice))])


def _objecting() -> Words:
    return Words(
        _(
            "Whoever knows that something here is not so can object until the last day: on the"
            " page of this code, by phone, or at the window. Every objection is answered within"
            " five working days, and nothing is paid before."
        )
    )


def _list(notice: Row[Any], rows: Sequence[Shown]) -> Table:
    headings = [_("No."), _("Name"), _("Village or site"), _("Month")]
    cells = [[str(one.number), one.name, one.place, one.month] for one in rows]
    if not notice.shows_amounts:
        return Table(_("List"), headings, cells, words=4)
    paid = [[*told, yuan(one.amount_fen)] for told, one in zip(cells, rows, strict=True)]
    return Table(_("List"), [*headings, _("Amount (yuan)")], paid, words=4)
