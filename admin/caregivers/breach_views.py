"""Accidents and breaches of ethics in a caregiver's file: entered by the county, and lifted."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, request
from sqlmodel import Session

from admin.caregivers.file_views import back, file_page
from admin.caregivers.forms import BreachForm, LiftingForm
from admin.forms import submitted
from server.caregivers import breaching
from server.caregivers.breaching import JUDGE, BreachSaid
from server.errors import DomainError
from server.web.access import submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "caregiver_breaches", __name__, url_prefix="/caregivers/<int:caregiver_id>/breaches"
)


@blueprint.post("")
@submits(JUDGE, with_reason=True)
def enter(*, caregiver_id: int, session: Session) -> Any:
    """Put a breach down; what happened is told in the act's reason."""
    return _done(
        session,
        caregiver_id,
        BreachForm,
        lambda said: breaching.enter_breach(session, caregiver_id, BreachSaid(**said)),
    )


@blueprint.post("/<int:breach_id>/lifting")
@submits(JUDGE, with_reason=True)
def lift(*, caregiver_id: int, breach_id: int, session: Session) -> Any:
    """Another officer says from which day on it counts no more, and why."""
    return _done(
        session,
        caregiver_id,
        LiftingForm,
        lambda said: breaching.lift_breach(session, caregiver_id, breach_id, **said),
    )


def _done(
    session: Session,
    caregiver_id: int,
    form: type[ma.Schema],
    do: Callable[[dict[str, Any]], object],
) -> Any:
    values, errors = submitted(form)
    if errors:
        shown = file_page(session, caregiver_id, errors=errors, typed=request.form)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    del values["reason"]  # It travels in the act.
    try:
        do(values)
    except DomainError as refusal:
        shown = file_page(session, caregiver_id, refusal=refusal, typed=request.form)
        return shown, STATUS[refusal.kind]
    return back(caregiver_id)
