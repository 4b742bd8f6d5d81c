"""Samples: bound by the digest of a seed, drawn by lot, looked at by two, and told as a paper."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, download, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidies import reading
from admin.subsidy_audit.forms import BindForm, DrawForm, ResultForm
from admin.subsidy_audit.sample_paper import paper_of
from admin.subsidy_audit.sealing import sealed_export
from server import clock
from server.errors import DomainError, NotFound
from server.i18n.catalogues import gettext as _
from server.printing.papers import pdf_of
from server.subsidies.approvals.queries import sum_held
from server.subsidies.models import RunKind
from server.subsidies.reckoning.queries import RunWanted, list_runs
from server.subsidies.samples import rules, service
from server.web.access import noted, reads, submits
from server.web.blueprints import StrictSchema
from server.web.problems import STATUS

blueprint = Blueprint(
    "subsidy_samples", __name__, url_prefix="/subsidies/audit/samples", template_folder="templates"
)

SEE = "subsidies.audit"
FILE = f"export.<any({CSV}, {XLSX}):ending>"
PDF = "application/pdf"


@blueprint.get("")
@reads(SEE)
def list_samples(*, session: Session) -> str:
    """The samples, and the form that binds the seed of another."""
    asked(StrictSchema)
    return _list(session)


@blueprint.get(f"/{FILE}")
@noted
@reads(SEE)
def export_samples(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Number"), _("Run"), _("Bands"), _("Size"), _("SHA-256 of the seed"),
                _("Bound"), _("Drawn"), _("Seed")]  # fmt: skip
    cells = (
        [one.id, one.run_id, one.bands, one.size, bytes(one.seed_digest).hex(), one.bound_at,
         one.drawn_at, one.seed]
        for one in service.list_samples(session)
    )  # fmt: skip
    return sealed_export(ending, _("Samples"), headings, cells)


@blueprint.post("")
@submits(SEE)
def bind(*, session: Session) -> Any:
    """Publish the digest of a seed for a run."""
    values, errors = submitted(BindForm)
    if errors:
        return _list(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        sample = service.bind(session, values.pop("run"), **values)
    except DomainError as refusal:
        return _list(session, refusal=refusal), STATUS[refusal.kind]
    there = url_for(".show_sample", sample_id=sample.id)
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.get("/<int:sample_id>")
@reads(SEE)
def show_sample(*, sample_id: int, session: Session) -> str:
    """A sample with its method, its lines and what they say of the run."""
    return _page(session, sample_id)


@blueprint.post("/<int:sample_id>/lot")
@submits(SEE)
def draw(*, sample_id: int, session: Session) -> Any:
    """Draw the lines by the seed."""
    values, errors = submitted(DrawForm)
    return _after(session, sample_id, errors, lambda: service.draw(session, sample_id, **values))


@blueprint.post("/<int:sample_id>/lines/<int:number>")
@submits(SEE)
def enter_result(*, sample_id: int, number: int, session: Session) -> Any:
    """Say what a line should have been, or confirm what another said."""
    values, errors = submitted(ResultForm)

    def step() -> None:
        fen = int(values["amount"] * 100)
        service.enter_result(session, sample_id, number, right_fen=fen, words=values["words"])

    return _after(session, sample_id, errors, step)


@blueprint.get(f"/<int:sample_id>/{FILE}")
@noted
@reads(SEE)
def export_sample(*, sample_id: int, ending: str, session: Session) -> Response:
    """The lines of a sample as a file, in yuan."""
    service.get_sample(session, sample_id)
    headings = [_("Line"), _("Band"), _("Amount (yuan)"), _("Should have been (yuan)"),
                _("Confirmed"), _("Note")]  # fmt: skip
    cells = (
        [one.number, one.band, in_yuan(one.amount_fen), in_yuan(one.right_fen), one.confirmed_at,
         one.words]
        for one in service.list_drawn(session, sample_id)
    )  # fmt: skip
    return sealed_export(ending, _("Sample {number}", number=sample_id), headings, cells)


@blueprint.get("/<int:sample_id>/paper.pdf")
@noted
@reads(SEE)
def print_sample(*, sample_id: int, session: Session) -> Response:
    """The same as a paper to be filed."""
    sample = service.get_sample(session, sample_id)
    drawn = service.list_drawn(session, sample_id)
    paper = paper_of(sample, drawn, service.estimate(session, sample_id))
    return download(pdf_of(paper), PDF, f"{paper.subtitle}.pdf")


def _after(
    session: Session, sample_id: int, errors: dict[str, list[str]], step: Callable[[], Any]
) -> Any:
    if errors:
        return _page(session, sample_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        step()
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(session, sample_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_sample", sample_id=sample_id), HTTPStatus.SEE_OTHER)


def _list(session: Session, **facts: Any) -> str:
    return page(
        session,
        "admin/subsidy_audit/samples.html",
        samples=service.list_samples(session),
        runs=_runs_to_draw_from(session),
        as_of=clock.now(),
        **facts,
    )


def _runs_to_draw_from(session: Session) -> list[tuple[str, str]]:
    """Runs whose lines stand, the newest first, as they are chosen from."""
    rows = list_runs(session, RunWanted(), reading.runs(session))
    return [
        (str(row.id), f"{row.id} {reading.name_of(row)} {reading.months_of(row)}")
        for row in rows
        if row.kind != RunKind.WHAT_IF and row.stage not in service.UNFINISHED
    ]


def _page(session: Session, sample_id: int, **facts: Any) -> str:
    sample = service.get_sample(session, sample_id)
    drawn = service.list_drawn(session, sample_id)
    return page(
        session,
        "admin/subsidy_audit/sample.html",
        sample=sample,
        drawn=drawn,
        estimate=service.estimate(session, sample_id),
        held=sum_held(session, sample.run_id),
        margin=rules.margin(len(drawn), sample.population or 0),
        as_of=clock.now(),
        **facts,
    )
