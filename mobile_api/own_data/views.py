"""我的数据: asked for by an act that is written down, then fetched."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from mobile_api.own_data.schemas import OwnDataSchema
from server import clock
from server.audit.telling import column_word, table_word
from server.i18n.catalogues import gettext as _
from server.own_data import service
from server.own_data.parts import LEFT_OUT
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.deeds import deed

blueprint = StrictBlueprint(
    "own_data", __name__, url_prefix="/v1/my-data", description="Everything kept of oneself."
)

ASKED_BY = "own_data.ask_for_my_data"


@blueprint.post("/requests")
@writes("identity.see-self")
@blueprint.response(204)
@blueprint.doc(operationId="askForMyData")
def ask_for_my_data(*, session: Session) -> None:
    """Ask for a copy of what is kept of oneself; five times a day at most"""
    service.ask_for_copy(session)


@blueprint.get("")
@reads("identity.see-self")
@blueprint.response(200, OwnDataSchema)
@blueprint.doc(operationId="getMyData")
def get_my_data(*, session: Session) -> dict[str, Any]:
    """Fetch the copy, within half an hour of asking for it on the same device"""
    parts = service.make_copy(session, asked_by=ASKED_BY)
    return {
        "made_at": clock.now(),
        "parts": [_part(name, rows) for name, rows in parts.items()],
        "left_out": [{"word": table_word(name), "why": _(why)} for name, why in LEFT_OUT.items()],
    }


def _part(name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    columns = list(rows[0]) if rows else []
    return {
        "name": name,
        "word": table_word(name),
        "columns": [{"name": one, "word": column_word(name, one)} for one in columns],
        "rows": [_row(name, row) for row in rows],
    }


def _row(name: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """An act is told in words, as everywhere."""
    return {**row, "action": deed(row["action"])} if name == "act" else row
