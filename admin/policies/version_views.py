"""A programme as it is, was or will be in force, and two of its versions side by side."""

from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.pages import page
from admin.policies import reading
from admin.policies.forms import ComparisonFilters, NoFilters
from admin.policies.reading import SEE
from admin.words import word
from server import clock
from server.i18n.catalogues import gettext as _
from server.policies.programmes import wording
from server.policies.programmes.comparing import Change, ChangeKind, compare
from server.policies.programmes.queries import (
    get_version_with_pack,
    list_versions,
    programme_of,
)
from server.policies.programmes.telling import Told
from server.policies.programmes.wording import said
from server.web.access import noted, reads

blueprint = Blueprint(
    "policy_versions", __name__, url_prefix="/policies", template_folder="templates"
)


@blueprint.get("/versions/<int:version_id>")
@reads(SEE)
def show_version(*, version_id: int, session: Session) -> str:
    """The version as a table, its days, and the other versions of the programme."""
    asked(NoFilters)
    row = get_version_with_pack(session, version_id)
    version = row.PolicyVersion
    day = max(clock.today(), version.starts_on)
    return page(
        session,
        "admin/policies/programme.html",
        shown=reading.shown(programme_of(version.content), on=day),
        version=version,
        pack=row.PolicyPack,
        pack_title=reading.title_of(row.PolicyPack),
        versions=list_versions(session, version.programme),
        wording=wording,
        reading=reading,
        as_of=clock.now(),
    )


@blueprint.get(f"/versions/<int:version_id>/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_version(*, version_id: int, ending: str, session: Session) -> Response:
    """Every figure of the version, with its clause."""
    asked(NoFilters)
    version = get_version_with_pack(session, version_id).PolicyVersion
    programme = programme_of(version.content)
    name = f"{said(programme.name)}-{version.starts_on}"
    return export(ending, name, reading.headings(), reading.cells(programme))


@blueprint.get("/comparison")
@reads(SEE)
def compare_versions(*, session: Session) -> str:
    """Two versions side by side; what is another is marked."""
    filters, old, new, changes = _compared(session)
    return page(
        session,
        "admin/policies/comparison.html",
        old=old,
        new=new,
        old_title=reading.title_of(old.PolicyPack),
        new_title=reading.title_of(new.PolicyPack),
        changes=changes,
        different=sum(one.kind is not ChangeKind.SAME for one in changes),
        programme=programme_of(new.PolicyVersion.content),
        wanted=filters,
        SAME=ChangeKind.SAME,
        wording=wording,
        as_of=clock.now(),
    )


@blueprint.get(f"/comparison/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_comparison(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    _filters, _old, new, changes = _compared(session)
    headings = [_("Part of it"), _("Table"), _("Case"), _("Change"), _("From"), _("Before"),
                _("Basis before"), _("After"), _("Basis after")]  # fmt: skip
    name = f"{said(programme_of(new.PolicyVersion.content).name)}-{_('Comparison')}"
    return export(ending, name, headings, map(_cells, changes))


def _compared(session: Session) -> tuple[dict[str, Any], Any, Any, list[Change]]:
    filters = asked(ComparisonFilters)
    old = get_version_with_pack(session, filters["old"])
    new = get_version_with_pack(session, filters["new"])
    changes = compare(
        programme_of(old.PolicyVersion.content), programme_of(new.PolicyVersion.content)
    )
    return filters, old, new, changes


def _cells(change: Change) -> list[Any]:
    told = change.told
    return [word("policy_group", told.group), told.table, told.what,
            word("policy_change", change.kind), f"{change.starts_on}",
            *_side(change.old), *_side(change.new)]  # fmt: skip


def _side(told: Told | None) -> tuple[str, str]:
    return (told.figure, f"{told.document}，{told.based.clause}") if told else ("", "")
