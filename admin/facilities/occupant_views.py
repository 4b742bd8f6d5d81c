"""Who is in the beds already: a list is chosen, checked, and taken in as a whole or not at all.

A home takes in its own people; a county those of all its homes at once, or of one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.facilities.forms import CheckForm, SealedForm
from admin.facilities.reading import FREE, find_board, forget, get_home
from admin.forms import submitted
from admin.list_desk import let_forms_in, read_list, told_findings
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of, after_commit
from server.errors import DomainError
from server.facilities.occupants.desk import (
    LARGEST_LIST,
    LARGEST_UNPACKED,
    note_try,
    seal,
    unseal,
)
from server.facilities.occupants.importing import Occupants, understand
from server.facilities.occupants.loading import Loaded, look_at, take_in
from server.facilities.occupants.noting import note
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.providers.queries import list_ids
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("beds_occupants", __name__, url_prefix="/beds", template_folder="templates")

PERMISSION = "facilities.import-occupants"
LARGEST_FORM = 2 * LARGEST_LIST
LARGE_FORMS = {"beds_occupants.check_list", "beds_occupants.take_list_in"}


@dataclass(frozen=True)
class Homes:
    """The home whose page this is, or all of this person's; and their numbers."""

    site: Row[Any] | None
    site_ids: Sequence[int]


def let_lists_in() -> None:
    """Let a list be as large as that of a county's homes."""
    let_forms_in(LARGE_FORMS, LARGEST_FORM)


@blueprint.get("/occupants")
@blueprint.get("/<int:site_id>/occupants")
@reads(PERMISSION)
def show_import(*, session: Session, site_id: int | None = None) -> str:
    """What the list has to look like, and where to choose it."""
    return _page(session, _homes(session, site_id))


@blueprint.get(f"/occupants/template.<any({CSV}, {XLSX}):ending>")
@blueprint.get(f"/<int:site_id>/occupants/template.<any({CSV}, {XLSX}):ending>")
@reads(PERMISSION)
def download_template(*, ending: str, session: Session, site_id: int | None = None) -> Response:
    """The empty list; that of one home has a row for each of its free beds."""
    homes = _homes(session, site_id)
    headings = [_("Facility"), _("Room"), _("Bed"), _("Kind"), _("Name"), _("ID number"),
                _("Admitted on"), _("Note")]  # fmt: skip
    name = _("People in beds")
    title = f"{homes.site.name}-{name}" if homes.site else name
    return export(ending, title, headings, _empty_rows(session, homes))


@blueprint.post("/occupants/checks")
@blueprint.post("/<int:site_id>/occupants/checks")
@submits(PERMISSION)
def check_list(*, session: Session, site_id: int | None = None) -> Any:
    """Say what would become of each row; nothing is taken in, and the look itself is kept."""
    homes = _homes(session, site_id)
    _values, errors = submitted(CheckForm)
    note_try(session)
    try:
        content = read_list(errors, LARGEST_LIST)
        occupants = _understood(content)
    except DomainError as refusal:
        return _page(session, homes, refusal=refusal), STATUS[refusal.kind]
    loaded = look_at(session, occupants.people, site_ids=homes.site_ids)
    note(occupants, loaded)
    return _page(session, homes, occupants=occupants, loaded=loaded, sealed=seal(content))


@blueprint.post("/occupants")
@blueprint.post("/<int:site_id>/occupants")
@submits(PERMISSION)
def take_list_in(*, session: Session, site_id: int | None = None) -> Any:
    """Take in everybody of the list that was checked, or nobody, and say which.

    Where beds or people have changed since the check, the rows say so instead.
    """
    homes = _homes(session, site_id)
    values, errors = submitted(SealedForm)
    note_try(session)
    try:
        occupants = _understood(unseal("" if errors else values["sealed"]))
    except DomainError as refusal:
        return _page(session, homes, refusal=refusal), STATUS[refusal.kind]
    if not occupants.is_sound:
        return _page(session, homes, occupants=occupants, loaded=Loaded()), HTTPStatus.CONFLICT
    loaded = take_in(session, occupants.people, site_ids=homes.site_ids, is_whole=True)
    note(occupants, loaded)
    after_commit(session, forget)
    return _page(session, homes, occupants=occupants, loaded=loaded)


def _homes(session: Session, site_id: int | None) -> Homes:
    """Raises `NotFound` for a home at which this person may take in no list."""
    if site_id is not None:
        return Homes(get_home(session, site_id, PERMISSION), [site_id])
    reach = reach_of(actor_of(session), PERMISSION)
    ids = list_ids(session, prefixes=reach.prefixes, site_ids=reach.site_ids)
    return Homes(None, ids)


def _understood(content: bytes) -> Occupants:
    return understand(content, today=clock.today(), largest_unpacked=LARGEST_UNPACKED)


def _empty_rows(session: Session, homes: Homes) -> Iterator[Sequence[Any]]:
    if homes.site is None:
        return
    board = find_board(session, homes.site.id, PERMISSION)
    for tile in board.tiles:
        if tile.state == FREE:
            row = tile.row
            yield [homes.site.name, row.room, row.label, word("bed_kind", row.kind), "", "", "", ""]


def _page(
    session: Session, homes: Homes, *, occupants: Occupants | None = None, **facts: Any
) -> str:
    findings = occupants.checked.findings_in_order if occupants else []
    return page(
        session,
        "admin/facilities/occupants.html",
        site=homes.site,
        there={"site_id": homes.site.id} if homes.site else {},
        occupants=occupants,
        **told_findings(findings),
        refused=len(occupants.checked.rejected_rows) if occupants else 0,
        as_of=clock.now(),
        **facts,
    )
