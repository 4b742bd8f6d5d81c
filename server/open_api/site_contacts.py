"""The register of sites with what is not public of it: for departments, by key, field by field."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from sqlmodel import Session

from server.db.cities import current_city
from server.identity.scopes import FIELDS_OF, SITE_CONTACTS
from server.open_api.keyed import PURPOSE_HEADER, reads_with_key, say_rows, trimmed
from server.open_api.sites import RegisterArgs
from server.providers.queries import list_site_contacts
from server.web.blueprints import StrictBlueprint
from server.web.pages import page_of, read_cursor

blueprint = StrictBlueprint(
    "site_contacts",
    __name__,
    url_prefix="/v1/site-contacts",
    description="The register with telephones and organisations, for departments that hold a key.",
)


class SiteContactSchema(ma.Schema):
    """Only `id` and the fields that the key was given are there."""

    id = ma.fields.Integer()
    name = ma.fields.String()
    kind = ma.fields.String()
    division_code = ma.fields.String()
    address = ma.fields.String()
    phone = ma.fields.String(allow_none=True)
    provider_name = ma.fields.String(allow_none=True)
    provider_uscc = ma.fields.String(allow_none=True)
    ownership_as_given = ma.fields.String(allow_none=True)
    x = ma.fields.Float(allow_none=True)
    y = ma.fields.Float(allow_none=True)
    source_name = ma.fields.String(allow_none=True)
    source_key = ma.fields.String(allow_none=True)


class SiteContactsSchema(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(SiteContactSchema))
    next_cursor = ma.fields.String(allow_none=True)


@blueprint.get("")
@reads_with_key(SITE_CONTACTS)
@blueprint.arguments(RegisterArgs, location="query")
@blueprint.alt_response(200, schema=SiteContactsSchema)
@blueprint.doc(
    operationId="listSiteContacts",
    security=[{"key": []}],
    parameters=[PURPOSE_HEADER],
)
def list_contacts(args: dict[str, Any], *, fields: list[str], session: Session) -> Response:
    """List the city's sites with their contacts, by name"""
    rows = list_site_contacts(
        session,
        prefixes=[current_city()],
        kind=args["kind"],
        division=args["division"],
        after=read_cursor(args["cursor"], str, int),
        limit=args["limit"] + 1,
    )
    page = page_of(rows, limit=args["limit"], key=lambda row: (row.name, row.id))
    known = [name for name in fields if name in FIELDS_OF[SITE_CONTACTS]]
    items = trimmed([row._mapping for row in page["items"]], known)
    return say_rows(jsonify({**page, "items": items}), len(items))
