"""The basics of a site: what it says itself, and what an office over its place decides."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.providers.reading import DECIDE, KEEP, kept_site, site_page
from admin.providers.site_forms import BasicsForm, DecidedForm
from admin.words import word
from server.errors import DomainError
from server.providers.models import CareService, CreditStatus, Ownership
from server.providers.service import change_site, name_provider
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "site_basics", __name__, url_prefix="/providers/sites/<int:site_id>/basics",
    template_folder="templates",
)  # fmt: skip


@blueprint.get("")
@reads(KEEP)
def show_basics(*, site_id: int, session: Session) -> str:
    """The form of what may be changed by whom."""
    kept_site(session, site_id, KEEP)
    return _form_page(session, site_id)


@blueprint.post("")
@submits(KEEP)
def change_basics(*, site_id: int, session: Session) -> Any:
    """Put down what the site says about itself."""
    kept_site(session, site_id, KEEP)
    values, errors = submitted(BasicsForm)
    if errors:
        return _form_page(session, site_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        change_site(session, site_id, values)
    except DomainError as refusal:
        return _form_page(session, site_id, refusal=refusal), STATUS[refusal.kind]
    return back_to(site_id)


@blueprint.post("/decided")
@submits(DECIDE)
def decide(*, site_id: int, session: Session) -> Any:
    """Put down ownership, the agreed price, who runs the site, and their credit."""
    kept_site(session, site_id, DECIDE)
    values, errors = submitted(DecidedForm)
    if errors:
        return _form_page(session, site_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _decide(session, site_id, values)
    except DomainError as refusal:
        return _form_page(session, site_id, refusal=refusal), STATUS[refusal.kind]
    return back_to(site_id)


def back_to(site_id: int) -> Any:
    """Go back to the site's own page."""
    return redirect(url_for("providers.show_site", site_id=site_id), HTTPStatus.SEE_OTHER)


def _decide(session: Session, site_id: int, values: dict[str, Any]) -> None:
    name = values.pop("provider_name")
    provider = {"name": name, "uscc": values.pop("uscc")}
    provider["credit_status"] = values.pop("credit_status")
    change_site(session, site_id, values)
    if name:
        name_provider(session, site_id, provider)


def _form_page(session: Session, site_id: int, **given: Any) -> str:
    return site_page(
        session,
        site_id,
        "admin/providers/basics.html",
        tab="basics",
        typed=request.form,
        services=[(one.value, word("care_service", one)) for one in CareService],
        ownerships=[(one.value, word("ownership", one)) for one in Ownership],
        credits=[(one.value, word("credit_status", one)) for one in CreditStatus],
        yes_or_no=[("yes", word("yes_or_no", "yes")), ("no", word("yes_or_no", "no"))],
        **given,
    )
