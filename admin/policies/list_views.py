"""What is in force on a day, what waits for a decision, and the packs that could be proposed."""

from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.pages import page
from admin.policies import reading
from admin.policies.forms import DayFilters
from admin.policies.reading import PROPOSE, SEE
from server import clock
from server.db.sessions import actor_of
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.policies.programmes import wording
from server.policies.programmes.queries import list_in_force, list_packs, programme_of
from server.web.access import noted, reads

blueprint = Blueprint("policies", __name__, url_prefix="/policies", template_folder="templates")


@blueprint.get("")
@reads(SEE)
def show_policies(*, session: Session) -> str:
    """Every programme that is in force on the day, and every pack."""
    day = asked(DayFilters)["on"] or clock.today()
    return page(session, "admin/policies/list.html", **facts_of_list(session, day))


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_figures(*, ending: str, session: Session) -> Response:
    """Every figure in force on the day, with its clause."""
    day = asked(DayFilters)["on"] or clock.today()
    programmes = [programme_of(row.PolicyVersion.content) for row in list_in_force(session, on=day)]
    rows = (cells for one in programmes for cells in reading.cells(one))
    return export(ending, f"{_('Subsidy policies')}-{day}", reading.headings(), rows)


def facts_of_list(session: Session, day: Any) -> dict[str, Any]:
    """Return what the page of all policies shows."""
    packs = list_packs(session)
    return {
        "rows": [
            (row.PolicyVersion, row.PolicyPack,
             reading.shown(programme_of(row.PolicyVersion.content), on=day))
            for row in list_in_force(session, on=day)
        ],
        "packs": packs,
        "names": reading.names_of(session, packs),
        "shipped": reading.shipped_packs(),
        "may_propose": may(actor_of(session), PROPOSE),
        "day": day,
        "today": clock.today(),
        "reading": reading,
        "wording": wording,
        "as_of": clock.now(),
    }  # fmt: skip
