"""What somebody's offices reach of the money, and how steps of it are answered."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import redirect
from sqlalchemy import ColumnElement, false, or_
from sqlmodel import Session

from admin.forms import submitted
from admin.words import word
from server.db.sessions import actor_of
from server.errors import DomainError
from server.identity.roles import reach_of
from server.providers.queries import within
from server.web.blueprints import StrictSchema
from server.web.problems import STATUS

SEE, PAY = "subsidies.see-payments", "subsidies.pay"
CHECK_BATCH, BUDGET = "subsidies.approve-payment", "subsidies.budget"
APPROVE, CLAIM, CHECK = "subsidies.approve", "subsidies.claim", "subsidies.check"


class NoForm(StrictSchema):
    """A button alone."""


def prefixes_of(session: Session, permission: str = SEE) -> Sequence[str]:
    """Return the divisions under which somebody's offices hold a permission."""
    return reach_of(actor_of(session), permission).prefixes


def sites_of(session: Session, permission: str) -> ColumnElement[bool]:
    """Return the condition on `Site` of what somebody's offices reach."""
    reach = reach_of(actor_of(session), permission)
    return or_(within(reach.prefixes, reach.site_ids), false())


def pairs(kind: str, codes: Iterable[Enum]) -> list[tuple[str, str]]:
    """Return codes with their words, for a choice."""
    return [(str(code.value), word(kind, code)) for code in codes]


def step(
    form: type[ma.Schema],
    do: Callable[..., object],
    shown: Callable[..., Any],
    then: str,
) -> Any:
    """Do what a form asks and go on; where it is wrong or refused, show the page with why."""
    values, errors = submitted(form)
    if errors:
        return shown(errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(**values)
    except DomainError as refusal:
        return shown(refusal=refusal), STATUS[refusal.kind]
    return redirect(then, HTTPStatus.SEE_OTHER)


def named(row: Any, language: str) -> str:
    """Return a programme as its policy calls it in the reader's language."""
    return str(row.name_zh if language.startswith("zh") else row.name_en)
