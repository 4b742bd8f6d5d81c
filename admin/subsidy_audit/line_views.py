"""One line: its amount in words, what it rests on, what was found about it, and its trail."""

from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, in_yuan
from admin.forms import asked
from admin.pages import page
from admin.subsidies.evidence import told_in_words
from admin.subsidies.subjects import subjects_in_words
from admin.subsidy_audit.evidence import has_trail
from admin.subsidy_audit.forms import LineFilters
from admin.subsidy_audit.reading import facts_in_words, reasons_of, rules_of
from admin.subsidy_audit.sealing import sealed_export
from admin.subsidy_claims.reading import names_of, whose
from admin.words import word
from server import clock, masking
from server.errors import NotFound
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.meals.counter.queries import get_handed_out
from server.providers.queries import find_site_names
from server.residents.queries import find_resident_names
from server.subsidies.desk import queries
from server.subsidies.desk.periods import list_bed_records
from server.subsidies.facts.evidence import get_case, list_beneath
from server.web.access import noted, reads

blueprint = Blueprint(
    "subsidy_audit_line", __name__, url_prefix="/subsidies/audit/runs", template_folder="templates"
)

SEE = "subsidies.audit"
MOST_IN_A_FILE = 100_000


@blueprint.get("/<int:run_id>/lines/<int:number>")
@reads(SEE)
def show_line(*, run_id: int, number: int, session: Session) -> str:
    """The line, the facts as they were frozen, the clauses, the findings; and the records as
    they were known on a day."""
    filters = asked(LineFilters)
    known = filters["known"]
    line = queries.get_line(session, run_id, number)
    looked = queries.Looked(line.month, known)
    source, case = get_case(session, run_id, number)
    table, _sep, key = line.subject.partition(":")
    return page(
        session,
        "admin/subsidy_audit/line.html",
        line=line,
        subject=_subject(session, line),
        who=_who(session, line),
        site_name=_site(session, line.site_id),
        name=line.policy["name"]["en" if current_language() == "en" else "zh"],
        facts=facts_in_words(line.facts),
        rules=rules_of(line),
        reasons=reasons_of(line),
        findings=queries.list_findings_of(session, run_id, number, looked),
        corrections=queries.list_corrections(session, run_id, number, looked),
        is_known=queries.is_known(line, looked),
        records=list_bed_records(session, line.resident_id, line.month, known),
        evidence={"table": table, "key": key},
        beneath=list_beneath(session, source, case, offset=filters["start"]),
        start=filters["start"],
        in_words=told_in_words,
        has_trail=has_trail,
        known=known,
        as_of=clock.now(),
    )


@blueprint.get(f"/<int:run_id>/lines/<int:number>/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_line(*, run_id: int, number: int, ending: str, session: Session) -> Response:
    """The facts and the clauses of the line as a file."""
    line = queries.get_line(session, run_id, number)
    rows = [
        (_("Amount (yuan)"), in_yuan(line.amount_fen), ""),
        (_("Outcome"), word("line_outcome", line.outcome), ""),
        (_("Month"), f"{line.month:%Y-%m}", ""),
        (_("Evidence"), _subject(session, line), ""),
        *((name, value, "") for name, value in facts_in_words(line.facts)),
        *((rule.name, rule.figure, rule.basis) for rule in rules_of(line)),
    ]
    headings = [_("What"), _("Value"), _("Legal basis")]
    return sealed_export(ending, f"{_('Line')}-{run_id}-{number}", headings, rows)


@blueprint.get(f"/<int:run_id>/lines/<int:number>/evidence/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_evidence(*, run_id: int, number: int, ending: str, session: Session) -> Response:
    """All rows that the line was counted from, as a file."""
    queries.get_line(session, run_id, number)
    source, case = get_case(session, run_id, number)
    beneath = list_beneath(session, source, case, limit=MOST_IN_A_FILE)
    rows = [
        (str(one.on_day), word("trail_table", one.kind), one.key, told_in_words(one))
        for one in beneath.rows
    ]
    headings = [_("Day"), _("Record"), _("Number"), _("What it says")]
    return sealed_export(ending, f"{_('Evidence')}-{run_id}-{number}", headings, rows)


@blueprint.get("/<int:run_id>/lines/<int:number>/meals/<int:booking_id>")
@reads(SEE)
def show_meal(*, run_id: int, number: int, booking_id: int, session: Session) -> str:
    """How one of the line's meals was handed out: who, when, by which device and code."""
    line = queries.get_line(session, run_id, number)
    meal = get_handed_out(session, booking_id)
    _check_of_line(line, meal)
    return page(
        session,
        "admin/subsidy_audit/meal.html",
        line=line,
        meal=meal,
        who=_masked(session, meal.resident_id),
        site_name=_site(session, line.site_id),
        name=line.policy["name"]["en" if current_language() == "en" else "zh"],
        as_of=clock.now(),
    )


def _check_of_line(line: Any, meal: Any) -> None:
    """A meal of another person, canteen or month is no evidence of the line."""
    is_theirs = line.resident_id in (None, meal.resident_id)
    is_there = line.site_id == meal.canteen_id
    if not (is_theirs and is_there and line.month == meal.service_on.replace(day=1)):
        raise NotFound()


def _masked(session: Session, resident_id: int) -> str:
    name = find_resident_names(session, [resident_id]).get(resident_id)
    return masking.name(name) if name else f"#{resident_id}"


def _who(session: Session, line: Any) -> str:
    """Whose line it is: a masked name, a number where the name is not seen, or the facility."""
    numbered = next((f"#{one}" for one in (line.resident_id, line.caregiver_id) if one), None)
    return whose(names_of(session, [line]), line, numbered or _site(session, line.site_id))


def _subject(session: Session, line: Any) -> str:
    return subjects_in_words(session, [line.subject])[line.subject]


def _site(session: Session, site_id: int) -> str:
    return find_site_names(session, [site_id]).get(site_id, f"#{site_id}")
