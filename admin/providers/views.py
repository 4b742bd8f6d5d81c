"""The register of sites: filtered, paged, exported; each site with where its facts come from."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked
from admin.pages import page
from admin.places import check_near
from admin.providers.forms import RegisterArgs, RegisterFilters
from admin.providers.reading import PERMISSION, own_reach, register_reach, site_page
from admin.words import word
from server import clock
from server.i18n.catalogues import gettext as _
from server.places.queries import list_counties
from server.providers.details import list_openings, stars_on
from server.providers.models import FacilityKind, Ownership
from server.providers.queries import (
    RegisterFilter,
    count_register,
    list_register,
)
from server.web.access import reads
from server.web.pages import page_of, read_cursor

blueprint = Blueprint(
    "providers", __name__, url_prefix="/providers/sites", template_folder="templates"
)

MOST_IN_AN_EXPORT = 50_000


@blueprint.get("")
@reads(PERMISSION)
def list_sites(*, session: Session) -> str:
    """The register by name, page by page."""
    filters = asked(RegisterArgs)
    after, limit = read_cursor(filters.pop("cursor"), str, int), filters.pop("limit")
    reach = register_reach(session)
    check_near(reach.prefixes, filters["division"])
    scope = {"prefixes": reach.prefixes, "site_ids": reach.site_ids}
    rows = list_register(session, **scope, **filters, after=after, limit=limit + 1)
    return page(
        session,
        "admin/providers/sites.html",
        found=page_of(rows, limit=limit, key=lambda row: (row.name, row.id)),
        counts=count_register(session, **scope, wanted=RegisterFilter(**filters)),
        filters=filters,
        asked_for=_in_address(filters),
        is_first=after is None,
        counties=[(one.code, one.name) for one in list_counties(session, prefixes=reach.prefixes)],
        kinds=[(one.value, word("facility_kind", one)) for one in FacilityKind],
        ownerships=[(one.value, word("ownership", one)) for one in Ownership],
        own_sites=_own_sites(session),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(PERMISSION)
def export_sites(*, ending: str, session: Session) -> Response:
    """The filtered register as a file, whole."""
    reach = register_reach(session)
    rows = list_register(
        session,
        prefixes=reach.prefixes,
        site_ids=reach.site_ids,
        **asked(RegisterFilters),
        limit=MOST_IN_AN_EXPORT,
    )
    headings = [_("Site"), _("Kind"), _("County"), _("Address"), _("Telephone"), _("Ownership"),
                _("Ownership as given"), _("Beds declared"), _("A month from, yuan"), _("State"),
                _("Source")]  # fmt: skip
    return export(ending, _("Register of sites"), headings, (_cells(row) for row in rows))


@blueprint.get("/<int:site_id>")
@reads(PERMISSION)
def show_site(*, site_id: int, session: Session) -> str:
    """All that is known of a site, and where from."""
    return site_page(
        session,
        site_id,
        "admin/providers/site.html",
        tab="basics",
        stars=stars_on(session, site_id, on=clock.today()),
        openings=list_openings(session, site_id),
    )


def _own_sites(session: Session) -> Sequence[Row[Any]]:
    """The sites of one's own office, shown above the register."""
    ids = own_reach(session).site_ids
    return list_register(session, prefixes=(), site_ids=ids, limit=len(ids)) if ids else ()


def _in_address(filters: dict[str, Any]) -> dict[str, str]:
    """Return the filters as they stand in an address; those that narrow nothing are left out."""
    return {name: str(value) for name, value in filters.items() if value}


def _cells(site: Row[Any]) -> list[Any]:
    return [
        site.name,
        word("facility_kind", site.kind),
        site.county_name,
        site.address,
        site.phone,
        word("ownership", site.ownership) if site.ownership else None,
        site.ownership_as_given,
        site.beds_declared,
        in_yuan(site.monthly_price_from_fen),
        word("opening_state", site.opening_state),
        site.source_name,
    ]
