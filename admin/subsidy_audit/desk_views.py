"""The desk: the city's year, a programme by facility, a facility by line, and what checks found."""

from functools import partial
from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, in_yuan
from admin.findings.subsidies import explanation
from admin.forms import asked
from admin.pages import page
from admin.subsidy_audit.forms import DeskFilters, LineArgs, ProgrammeFilters
from admin.subsidy_audit.reading import (
    basis_words,
    by_month_of,
    held_of,
    in_address,
    looked_at,
    programmes_of,
)
from admin.subsidy_audit.sealing import sealed_export
from admin.subsidy_claims.reading import names_of, whose
from admin.words import word
from server import clock
from server.findings.models import FindingKind
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.providers.queries import find_site_names
from server.subsidies.checks.checks import BLOCKING, BY_KIND
from server.subsidies.checks.reading import find_programme_names
from server.subsidies.checks.registry import ANSWERS
from server.subsidies.checks.service import figures_today
from server.subsidies.desk import queries
from server.web.access import noted, reads
from server.web.blueprints import StrictSchema
from server.web.pages import page_of, read_cursor

blueprint = Blueprint(
    "subsidy_audit", __name__, url_prefix="/subsidies/audit", template_folder="templates"
)

SEE = "subsidies.audit"
MOST_IN_AN_EXPORT = 20_000
FILE = f"export.<any({CSV}, {XLSX}):ending>"


@blueprint.get("")
@reads(SEE)
def show_desk(*, session: Session) -> str:
    """Twelve months of every programme, and the sum of the city."""
    filters = asked(DeskFilters)
    looked = looked_at(filters)
    rows = queries.find_totals(session, looked)
    found = programmes_of(rows, looked.months)
    return page(
        session,
        "admin/subsidy_audit/desk.html",
        programmes=found,
        held=partial(held_of, queries.find_held(session, looked)),
        by_month=by_month_of(rows, looked.months),
        names=_names(session, [one.code for one in found]),
        looked=looked,
        asked_for=in_address(filters),
        summed_at=max((row.summed_at for row in rows), default=None),
        as_of=clock.now(),
    )


@blueprint.get(f"/{FILE}")
@noted
@reads(SEE)
def export_desk(*, ending: str, session: Session) -> Response:
    """The same as a file, in yuan."""
    looked = looked_at(asked(DeskFilters))
    found = programmes_of(queries.find_totals(session, looked), looked.months)
    names = _names(session, [one.code for one in found])
    headings = [_("Programme"), *(f"{month:%Y-%m}" for month in looked.months),
                _("Together"), _("Lines"), _("Refused"), _("Held out"),
                _("Held out (yuan)")]  # fmt: skip
    held = partial(held_of, queries.find_held(session, looked))
    cells = (
        [names[one.code], *map(in_yuan, one.by_month), in_yuan(one.fen), one.lines, one.refused,
         held(programme=one.code).lines, in_yuan(held(programme=one.code).fen)]
        for one in found
    )  # fmt: skip
    return sealed_export(ending, _("Subsidies by month"), headings, cells)


@blueprint.get("/programmes/<string:programme>")
@reads(SEE)
def show_programme(*, programme: str, session: Session) -> str:
    """A programme by facility, in a month or in all twelve."""
    filters = asked(ProgrammeFilters)
    looked = looked_at(filters)
    sites = queries.find_sites(session, looked, programme, filters["month"])
    totals = [row for row in queries.find_totals(session, looked) if row.programme == programme]
    return page(
        session,
        "admin/subsidy_audit/programme.html",
        programme=programme,
        name=_names(session, [programme])[programme],
        sites=sites,
        held=held_of(
            queries.find_held(session, looked), programme=programme, month=filters["month"]
        ),
        site_names=find_site_names(session, [row.site_id for row in sites]),
        by_month=by_month_of(totals, looked.months),
        looked=looked,
        month=filters["month"],
        asked_for=in_address(filters),
        as_of=clock.now(),
    )


@blueprint.get(f"/programmes/<string:programme>/{FILE}")
@noted
@reads(SEE)
def export_programme(*, programme: str, ending: str, session: Session) -> Response:
    """The same as a file, in yuan."""
    filters = asked(ProgrammeFilters)
    sites = queries.find_sites(session, looked_at(filters), programme, filters["month"])
    names = find_site_names(session, [row.site_id for row in sites])
    headings = [_("Facility"), _("Amount (yuan)"), _("Lines"), _("Refused"), _("Findings")]
    cells = (
        [names.get(row.site_id, f"#{row.site_id}"), in_yuan(int(row.fen)), row.lines, row.refused,
         row.findings]
        for row in sites
    )  # fmt: skip
    return sealed_export(ending, _names(session, [programme])[programme], headings, cells)


@blueprint.get("/programmes/<string:programme>/sites/<int:site_id>")
@reads(SEE)
def show_site(*, programme: str, site_id: int, session: Session) -> str:
    """The lines of a facility in a programme."""
    queries.check_reach(session, site_id)
    filters = asked(LineArgs)
    after = read_cursor(filters.pop("cursor"), int, int)
    limit, looked = filters.pop("limit"), looked_at(filters)
    rows = queries.list_lines(
        session, looked, programme, site_id,
        month=filters["month"], after=after, limit=limit + 1,
    )  # fmt: skip
    found = page_of(rows, limit=limit, key=lambda row: (row.run_id, row.number))
    return page(
        session,
        "admin/subsidy_audit/site.html",
        programme=programme,
        name=_names(session, [programme])[programme],
        site_id=site_id,
        site_name=find_site_names(session, [site_id]).get(site_id, f"#{site_id}"),
        found=found,
        whose=partial(whose, names_of(session, found["items"])),
        looked=looked,
        month=filters["month"],
        asked_for=in_address(filters),
        is_first=after is None,
        as_of=clock.now(),
    )


@blueprint.get(f"/programmes/<string:programme>/sites/<int:site_id>/{FILE}")
@noted
@reads(SEE)
def export_site(*, programme: str, site_id: int, ending: str, session: Session) -> Response:
    """The same as a file, in yuan; people by their numbers alone."""
    queries.check_reach(session, site_id)
    filters = asked(ProgrammeFilters)
    rows = queries.list_lines(
        session, looked_at(filters), programme, site_id,
        month=filters["month"], limit=MOST_IN_AN_EXPORT,
    )  # fmt: skip
    headings = [_("Line"), _("Month"), _("Resident"), _("Caregiver"), _("Outcome"),
                _("Amount (yuan)"), _("Findings")]  # fmt: skip
    cells = (
        [f"{row.run_id}-{row.number}", f"{row.month:%Y-%m}", row.resident_id, row.caregiver_id,
         word("line_outcome", row.outcome), in_yuan(row.amount_fen), row.findings]
        for row in rows
    )  # fmt: skip
    site_name = find_site_names(session, [site_id]).get(site_id, f"#{site_id}")
    return sealed_export(ending, site_name, headings, cells)


@blueprint.get("/checks")
@reads(SEE)
def show_checks(*, session: Session) -> str:
    """The 25 cross-checks: what each found, what it came to, and how often it was right."""
    asked(StrictSchema)
    return page(
        session,
        "admin/subsidy_audit/checks.html",
        rows=_checks(session),
        blocking=BLOCKING,
        basis=lambda kind: basis_words(BY_KIND[kind].source),
        precision=precision,
        figures=figures_today(session),
        why=explanation,
        as_of=clock.now(),
    )


@blueprint.get(f"/checks/{FILE}")
@noted
@reads(SEE)
def export_checks(*, ending: str, session: Session) -> Response:
    """The same as a file, in yuan."""
    headings = [_("Number"), _("Check"), _("Approval"), _("Open"), _("True"), _("False alarms"),
                _("Right so far"), _("In question (yuan)"), _("Asked back (yuan)"),
                _("Source")]  # fmt: skip
    cells = (
        [number, word("finding_kind", kind), _("blocks") if kind in BLOCKING else "",
         *((row.open, row.true, row.false_alarm) if row else (0, 0, 0)), precision(row),
         in_yuan(int(row.fen or 0)) if row else 0, in_yuan(int(row.recover_fen or 0)) if row else 0,
         basis_words(BY_KIND[kind].source)]
        for number, kind, row in _checks(session)
    )  # fmt: skip
    return sealed_export(ending, _("Cross-checks"), headings, cells)


def precision(row: Any) -> str:
    """How many of those looked into were true; empty while nobody has looked into any."""
    settled = row.true + row.false_alarm if row else 0
    return f"{row.true / settled:.0%}" if settled else ""


def _checks(session: Session) -> list[tuple[int, FindingKind, Any]]:
    found = queries.sum_findings(session)
    return [
        (number, kind, found.get(kind))
        for number, kinds in ANSWERS.items()
        for kind in kinds
        if kind in BY_KIND
    ]


def _names(session: Session, codes: list[str]) -> dict[str, str]:
    told = find_programme_names(session, codes, current_language())
    return {code: told.get(code, code) for code in codes}
