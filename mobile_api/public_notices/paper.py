"""A notice on paper, for a wall: what its page shows, with the address of the page to scan."""

from collections.abc import Sequence
from datetime import date

from mobile_api.public_notices.shown import Told
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.i18n.money import in_yuan
from server.printing.papers import Check, Facts, Paper, Table, Words, pdf_of
from server.subsidies.notices.listing import Shown


def notice_pdf(
    notice: Told, rows: Sequence[Shown], *, made_on: date, address: str, hotline: str
) -> bytes:
    """Return the list as PDF; the same list on the same day gives the same bytes."""
    return pdf_of(
        Paper(
            title=_("Public notice of subsidies"),
            subtitle=notice.programme,
            made_on=made_on,
            parts=[_facts(notice), _table(rows), _how_to_object(notice, hotline)],
            check=Check(_("Scan this to read the list and to object."), notice.code, address),
            language=current_language()[:2],
        )
    )


def _facts(notice: Told) -> Facts:
    return Facts([
        (_("Months"), notice.months),
        (_("Where it is paid"), notice.division),
        (_("On show"), f"{notice.starts_on} – {notice.ends_on} ({notice.days})"),
        (_("Legal basis"), notice.basis),
    ])  # fmt: skip


def _table(rows: Sequence[Shown]) -> Table:
    with_amounts = any(one.amount_fen is not None for one in rows)
    headings = [_("No."), _("Name"), _("Village or site"), _("Month")]
    told = [[str(one.number), one.name, one.place, one.month, *_amount(one)] for one in rows]
    extra = [_("Amount (yuan)")] if with_amounts else []
    return Table(_("The list"), [*headings, *extra], told, words=4)


def _amount(one: Shown) -> list[str]:
    return [] if one.amount_fen is None else [in_yuan(one.amount_fen)]


def _how_to_object(notice: Told, hotline: str) -> Words:
    return Words(
        _("Whoever knows better may object until {day}: on this page, at any window, or by"
          " telephone {hotline}. Every objection is answered within some working days.",
          day=notice.ends_on, hotline=hotline)
    )  # fmt: skip
