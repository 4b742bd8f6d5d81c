"""One claim: filled and handed in by who asks, looked at anew and decided by its offices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.pages import page
from admin.pictures import sent_picture
from admin.subsidies.reading import told_reasons
from admin.subsidies.subjects import subjects_in_words
from admin.subsidy_claims import reading
from admin.subsidy_claims.forms import PaperForm, SeenForm, WordsForm
from admin.subsidy_claims.own_views import named
from admin.subsidy_claims.reading import ASK, CHECK, SEE_CLAIMS
from admin.subsidy_claims.road import road_of
from admin.subsidy_money.reading import NoForm, step
from server import clock
from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.policies.programmes.schema import Programme
from server.subsidies.claims import asking, deciding, queries
from server.subsidies.claims.looking import Look, look
from server.subsidies.claims.models import SubsidyClaim, SubsidyClaimLook
from server.subsidies.claims.offices import Office, office_for, offices_of
from server.subsidies.claims.rules import differences
from server.subsidies.claims.states import OPEN
from server.subsidies.claims.versions import read_version
from server.subsidies.claims.writing import wanted_of
from server.web.access import noted, reads, submits
from server.web.pictures import private_picture

blueprint = Blueprint(
    "subsidy_claim",
    __name__,
    url_prefix="/subsidies/claims/<int:subsidy_claim_id>",
    template_folder="templates",
)


@dataclass(frozen=True)
class Seen:
    """A claim as the page shows it: the look that was written down, and what is known by now."""

    row: Row[Any]
    claim: SubsidyClaim
    programme: Programme
    office: Office | None
    written: SubsidyClaimLook | None
    now: Look | None

    @property
    def cases(self) -> Sequence[Mapping[str, Any]]:
        """What is decided on: what is known by now, while somebody still decides."""
        if self.now is not None:
            return self.now.cases
        return self.written.content if self.written else []

    @property
    def changes(self) -> Sequence[Mapping[str, Any]]:
        """What came, went or changed since it was written down last."""
        if self.now is None or self.written is None:
            return []
        return differences(self.written.content, self.now.cases)


@blueprint.get("")
@reads(SEE_CLAIMS)
def show_claim(*, subsidy_claim_id: int, session: Session) -> str:
    """What is claimed and why, what is missing, what has changed, and who said what."""
    return _page(session, subsidy_claim_id)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE_CLAIMS)
def export_cases(*, subsidy_claim_id: int, ending: str, session: Session) -> Response:
    """Its cases as a file."""
    seen = _see(session, subsidy_claim_id)
    names = reading.names_of(session, seen.cases)
    subjects = subjects_in_words(session, _subjects(seen.cases))
    headings = [_("Month"), _("About"), _("It rests on"), _("Part no."), _("Amount (yuan)"),
                _("Refused because")]  # fmt: skip
    cells = (
        [one["month"], reading.whose(names, one, ""), subjects[one["subject"]], one["part"],
         in_yuan(one["fen"]), told_reasons(seen.programme, one)]
        for one in seen.cases
    )  # fmt: skip
    return export(ending, f"{_('Cases of a claim')}-{subsidy_claim_id}", headings, cells)


@blueprint.get("/papers/<int:subsidy_paper_id>")
@reads(SEE_CLAIMS)
def show_paper(*, subsidy_claim_id: int, subsidy_paper_id: int, session: Session) -> Response:
    """A paper's scan; no cache keeps it."""
    _see_row(session, subsidy_claim_id)
    with reaching_everywhere(session):
        paper = queries.get_paper(session, subsidy_claim_id, subsidy_paper_id)
        return private_picture(session, paper.file_id)


@blueprint.post("/papers")
@submits(ASK, for_resident=reading.resident_of_claim)
def put_paper(*, subsidy_claim_id: int, session: Session) -> Any:
    """Put a scan to the claim."""

    def do(evidence: str) -> object:
        content = sent_picture("scan")
        return asking.add_paper(session, subsidy_claim_id, evidence=evidence, content=content)

    return _asked(session, subsidy_claim_id, PaperForm, do)


@blueprint.post("/papers/<int:subsidy_paper_id>/removal")
@submits(ASK, for_resident=reading.resident_of_claim)
def remove_paper(*, subsidy_claim_id: int, subsidy_paper_id: int, session: Session) -> Any:
    """Take a scan away again."""

    def do() -> None:
        asking.remove_paper(session, subsidy_claim_id, subsidy_paper_id)

    return _asked(session, subsidy_claim_id, NoForm, do)


@blueprint.post("/handing-in")
@submits(ASK, for_resident=reading.resident_of_claim)
def hand_in(*, subsidy_claim_id: int, session: Session) -> Any:
    """It goes to the first office, looked at once more."""
    return _asked(
        session, subsidy_claim_id, NoForm, lambda: asking.hand_in(session, subsidy_claim_id)
    )


@blueprint.post("/withdrawal")
@submits(ASK, for_resident=reading.resident_of_claim)
def withdraw(*, subsidy_claim_id: int, session: Session) -> Any:
    """It is taken back before it is decided."""
    return _asked(
        session, subsidy_claim_id, NoForm, lambda: asking.withdraw(session, subsidy_claim_id)
    )


@blueprint.post("/acceptance")
@submits(CHECK)
def let_through(*, subsidy_claim_id: int, session: Session) -> Any:
    """Yes, as it was seen: to the next office, or through."""
    return _decided(session, subsidy_claim_id, SeenForm, deciding.let_through)


@blueprint.post("/return")
@submits(CHECK)
def give_back(*, subsidy_claim_id: int, session: Session) -> Any:
    """Back to be mended, with what is to be mended."""
    return _decided(session, subsidy_claim_id, WordsForm, deciding.give_back)


@blueprint.post("/refusal")
@submits(CHECK)
def refuse(*, subsidy_claim_id: int, session: Session) -> Any:
    """No, with the reason."""
    return _decided(session, subsidy_claim_id, WordsForm, deciding.refuse)


def _asked(
    session: Session, claim_id: int, form: type[ma.Schema], do: Callable[..., object]
) -> Any:
    if not reading.may_ask(session, _see_row(session, claim_id)):
        raise NotFound()
    return _step(session, claim_id, form, do)


def _decided(
    session: Session, claim_id: int, form: type[ma.Schema], do: Callable[..., object]
) -> Any:
    _see_row(session, claim_id)
    return _step(session, claim_id, form, lambda **given: do(session, claim_id, **given))


def _step(session: Session, claim_id: int, form: type[ma.Schema], do: Callable[..., object]) -> Any:
    return step(
        form,
        do,
        lambda **facts: _page(session, claim_id, **facts),
        url_for(".show_claim", subsidy_claim_id=claim_id),
    )


def _see_row(session: Session, claim_id: int) -> Row[Any]:
    """Return a claim that is seen by one's own reach, or waits for somebody one stands in for."""
    within = reading.claims_in_reach(session, offices_of(session))
    with reaching_everywhere(session):
        return queries.get_claim(session, claim_id, within)


def _see(session: Session, claim_id: int) -> Seen:
    row = _see_row(session, claim_id)
    with reaching_everywhere(session):
        claim = session.get_one(SubsidyClaim, claim_id)
        return Seen(
            row,
            claim,
            read_version(session, claim.version_id),
            office_for(offices_of(session), claim),
            queries.find_last_look(session, claim_id),
            look(session, wanted_of(session, [claim])[0]) if claim.state in OPEN else None,
        )


def _page(session: Session, claim_id: int, **facts: Any) -> str:
    seen = _see(session, claim_id)
    with reaching_everywhere(session):
        papers, steps = (
            queries.list_papers(session, claim_id),
            queries.list_steps(session, claim_id),
        )
    asked_papers = seen.programme.claim.evidence if seen.programme.claim else []
    shown = [*seen.cases, *seen.changes]
    return page(
        session,
        "admin/subsidy_claims/claim.html",
        seen=seen,
        row=seen.row,
        way=road_of(seen.row, seen.programme, is_yours=seen.office is not None),
        named=named(seen.row),
        evidence=[(one, [paper for paper in papers if paper.evidence == one.id])
                  for one in asked_papers],
        missing=[one for one in asked_papers
                 if one.is_required and one.id not in {paper.evidence for paper in papers}],
        steps=steps,
        names=reading.names_of(session, shown),
        subjects=subjects_in_words(session, _subjects(shown)),
        reasons_of=partial(told_reasons, seen.programme),
        may_ask=reading.may_ask(session, seen.row),
        may_fill=reading.may_ask(session, seen.row) and seen.row.state in asking.MAY_BE_FILLED,
        reading=reading,
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )  # fmt: skip


def _subjects(cases: Sequence[Mapping[str, Any]]) -> set[str]:
    return {one["subject"] for one in cases}
