"""The public register of sites, by division and kind."""

from typing import Any

import marshmallow as ma
from sqlmodel import Session

from server.db.cities import current_city
from server.db.sessions import reading
from server.providers.models import FacilityKind
from server.providers.queries import list_register
from server.web.access import open_to_all
from server.web.blueprints import StrictBlueprint
from server.web.pages import PageArgs, page_of, read_cursor

blueprint = StrictBlueprint(
    "sites", __name__, url_prefix="/v1/sites", description="The register of care, which is public."
)


class RegisterArgs(PageArgs):
    division = ma.fields.String(
        load_default=None,
        validate=ma.validate.Regexp(r"^\d{4,12}$"),
        metadata={"description": "A prefix of the division's code."},
    )
    kind = ma.fields.Enum(FacilityKind, by_value=True, load_default=None)


class RegisteredSiteSchema(ma.Schema):
    id = ma.fields.Integer()
    name = ma.fields.String()
    kind = ma.fields.String()
    division_code = ma.fields.String()
    county_name = ma.fields.String(allow_none=True)
    address = ma.fields.String()
    beds_declared = ma.fields.Integer(allow_none=True)
    opening_state = ma.fields.String()


class RegisterSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(RegisteredSiteSchema))
    next_cursor = ma.fields.String(allow_none=True)


@blueprint.get("")
@open_to_all
@reading
@blueprint.arguments(RegisterArgs, location="query")
@blueprint.response(200, RegisterSchema)
@blueprint.doc(operationId="listRegister")
def list_sites(args: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """List the city's sites by name"""
    rows = list_register(
        session,
        prefixes=[current_city()],
        site_ids=(),
        kind=args["kind"],
        division=args["division"],
        after=read_cursor(args["cursor"], str, int),
        limit=args["limit"] + 1,
    )
    page = page_of(rows, limit=args["limit"], key=lambda row: (row.name, row.id))
    return {**page, "items": [_shown(row) for row in page["items"]]}


def _shown(row: Any) -> dict[str, Any]:
    return {
        **row._mapping,
        "kind": row.kind.value,
        "opening_state": row.opening_state.value,
    }
