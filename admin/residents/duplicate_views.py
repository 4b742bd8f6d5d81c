"""People who may be in the register twice: the desk, its files, and each pair side by side."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.pages import page
from admin.residents.duplicate_forms import BothOpeningForm, PairArgs, PairFilters, ReasonForm
from admin.residents.duplicate_reading import pair_page
from admin.words import word
from server import clock, masking
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.residents import openings
from server.residents.merging import duplicates, queries
from server.residents.merging.queries import Part
from server.web.access import reads, submits
from server.web.pages import page_of, read_cursor
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_duplicates", __name__, url_prefix="/residents/duplicates",
    template_folder="templates",
)  # fmt: skip

SEE = "residents.see-duplicates"
MOST_IN_AN_EXPORT = 20_000


@blueprint.get("")
@reads(SEE)
def show_desk(*, session: Session) -> str:
    """The pairs of one part of the desk, the newest first."""
    args = asked(PairArgs)
    after = read_cursor(args["cursor"], datetime.fromisoformat, int)
    rows = queries.list_pairs(session, part=args["part"], after=after, limit=args["limit"] + 1)
    return page(
        session,
        "admin/residents/duplicates.html",
        found=page_of(
            rows, limit=args["limit"], key=lambda row: (row.found_at.isoformat(), row.id)
        ),
        part=args["part"],
        parts=[(one.value, word("duplicates_part", one)) for one in Part],
        is_first=after is None,
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_pairs(*, ending: str, session: Session) -> Response:
    """The same pairs as a file, starred as on the page."""
    part = asked(PairFilters)["part"]
    rows = queries.list_pairs(session, part=part, limit=MOST_IN_AN_EXPORT)
    headings = [_("Number of the pair"), _("Name"), _("Born"), _("What is alike"), _("First file"),
                _("Village or neighbourhood"), _("Second file"), _("Village or neighbourhood"),
                _("Found"), _("State")]  # fmt: skip
    return export(ending, _("People in the register twice"), headings, map(_cells, rows))


@blueprint.get("/<int:pair_id>")
@reads(SEE)
def show_pair(*, pair_id: int, session: Session) -> str:
    """Two files side by side, and what was decided of them."""
    return pair_page(session, pair_id)


@blueprint.post("/<int:pair_id>/openings")
@submits("residents.open-file")
def open_both(*, pair_id: int, session: Session) -> Any:
    """Open both files for half an hour, with one reason."""
    values, errors = submitted(BothOpeningForm)
    if errors:
        return pair_page(session, pair_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    pair = queries.get_pair(session, pair_id)
    for resident_id in (pair.one_id, pair.other_id):
        openings.open_file(session, resident_id, reason=values["reason"])
    return to_pair(pair_id)


@blueprint.post("/<int:pair_id>/apart")
@submits("residents.propose-merge", with_reason=True)
def tell_apart(*, pair_id: int, session: Session) -> Any:
    """Note that they are two people, and why."""
    values, errors = submitted(ReasonForm)
    if errors:
        return pair_page(session, pair_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        duplicates.tell_apart(session, pair_id, **values)
    except DomainError as refusal:
        return pair_page(session, pair_id, refusal=refusal), STATUS[refusal.kind]
    return to_pair(pair_id)


def to_pair(pair_id: int) -> Any:
    """Lead back to the pair."""
    there = url_for("residents_duplicates.show_pair", pair_id=pair_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _cells(row: Row[Any]) -> Sequence[Any]:
    likeness = _(", ").join(word("likeness", one) for one in row.why)
    return [row.id, masking.name(row.name), f"{row.born_on:%Y-%m}", likeness, row.one_id,
            row.one_village, row.other_id, row.other_village, row.found_at,
            word("duplicates_part", queries.part_of(row))]  # fmt: skip
