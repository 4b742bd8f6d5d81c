"""Devices of the homes in reach: what is silent first."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked
from admin.homecare.devices.forms import DeviceFilters
from admin.homecare.reading import scope
from admin.pages import page
from admin.words import word
from server import clock
from server.homecare.devices import queries
from server.homecare.devices.models import DeviceKind
from server.homecare.devices.queries import Standing, Wanted
from server.i18n.catalogues import gettext as _
from server.web.access import noted, reads

blueprint = Blueprint(
    "home_devices", __name__, url_prefix="/homecare/devices", template_folder="templates"
)
SEE = "homecare.see-devices"


@blueprint.get("")
@reads(SEE)
def list_devices(*, session: Session) -> str:
    """The ledger, with how many stand how."""
    wanted = asked(DeviceFilters)
    return page(
        session,
        "admin/homecare/devices.html",
        rows=_rows(session, wanted),
        counts=queries.count_standing(session, scope(session, SEE)),
        standings=list(Standing),
        kinds=[(kind.value, word("device_kind", kind)) for kind in DeviceKind],
        wanted=wanted,
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_devices(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Serial number"), _("Kind"), _("The person"), _("Provider"), _("Standing"),
                _("Last heard"), _("Installed on"), _("Taken away on"), _("Invoice"),
                _("Price, yuan")]  # fmt: skip
    rows = _rows(session, asked(DeviceFilters))
    return export(ending, _("Devices in homes"), headings, map(_cells, rows))


def _rows(session: Session, wanted: dict[str, Any]) -> Sequence[Row[Any]]:
    return queries.list_devices(session, scope(session, SEE), Wanted(**wanted))


def _cells(row: Row[Any]) -> list[Any]:
    return [row.serial, word("device_kind", row.kind), row.resident_name or "", row.site_name,
            word("device_standing", row.standing), row.last_at, row.installed_on, row.removed_on,
            f"{row.invoice_number}／{row.invoice_line}", in_yuan(row.price_fen)]  # fmt: skip
