"""A list of staff is chosen, checked, and taken in as a whole or not at all."""

from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.caregivers.forms import SealedForm, SiteForm
from admin.caregivers.reading import KEEP
from admin.exports import CSV, XLSX, export
from admin.forms import submitted
from admin.list_desk import let_forms_in, read_list, told_findings
from admin.pages import page
from server import clock
from server.caregivers import register
from server.caregivers.importing import Lines, understand
from server.caregivers.list_desk import LARGEST_LIST, LARGEST_UNPACKED, note_try, seal, unseal
from server.caregivers.loading import Loaded, load
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "caregivers_import", __name__, url_prefix="/caregivers/import", template_folder="templates"
)
LARGEST_FORM = 2 * LARGEST_LIST
LARGE_FORMS = {"caregivers_import.check_list", "caregivers_import.take_list_in"}


def let_lists_in() -> None:
    """Let a list be as large as that of a provider's homes."""
    let_forms_in(LARGE_FORMS, LARGEST_FORM)


@blueprint.get("")
@reads(KEEP)
def show_import(*, session: Session) -> str:
    """What the list has to look like, and where to choose it."""
    return _page(session)


@blueprint.get(f"/template.<any({CSV}, {XLSX}):ending>")
@reads(KEEP)
def download_template(*, ending: str, session: Session) -> Response:
    """The empty list, with the headings that are understood."""
    headings = ["机构", "姓名", "身份证号", "手机号", "岗位", "是否一线", "是否全职", "是否在编",
                "入职日期", "合同起始日期", "合同终止日期", "学历", "毕业院校", "毕业日期",
                "学历认证编号", "技能等级", "证书编号", "发证机构", "发证日期", "有效期至",
                "开户银行", "银行账号"]  # fmt: skip
    return export(ending, _("Caregivers"), headings, [])


@blueprint.post("/checks")
@submits(KEEP)
def check_list(*, session: Session) -> Any:
    """Say what would become of each row; nothing is taken in."""
    note_try(session)
    try:
        content = _sent()
        lines = _understood(content)
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    loaded = load(session, lines, site_ids=_site_ids(session), is_written=False)
    return _page(session, lines=lines, loaded=loaded, sealed=seal(content))


@blueprint.post("")
@submits(KEEP)
def take_list_in(*, session: Session) -> Any:
    """Take in the list that was checked, or say what has changed since."""
    values, errors = submitted(SealedForm)
    note_try(session)
    try:
        lines = _understood(unseal("" if errors else values["sealed"]))
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    loaded = load(session, lines, site_ids=_site_ids(session))
    return _page(session, lines=lines, loaded=loaded)


def _site_ids(session: Session) -> list[int]:
    return [one.id for one in register.list_own_sites(session, permission=KEEP)]


def _sent() -> bytes:
    _values, errors = submitted(SiteForm)
    return read_list(errors, LARGEST_LIST)


def _understood(content: bytes) -> Lines:
    return understand(content, today=clock.today(), largest_unpacked=LARGEST_UNPACKED)


def _page(
    session: Session, *, lines: Lines | None = None, loaded: Loaded | None = None, **facts: Any
) -> str:
    findings = lines.checked.findings_in_order if lines else []
    return page(
        session,
        "admin/caregivers/import.html",
        lines=lines,
        loaded=loaded,
        **told_findings(findings),
        refused=len(lines.checked.rejected_rows) if lines else 0,
        as_of=clock.now(),
        **facts,
    )
