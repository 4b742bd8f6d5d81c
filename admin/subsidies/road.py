"""How far a run is on its way to the accounts, what is next, and whose turn it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.formats import long_day
from admin.words import word
from server.db.sessions import actor_of
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.identity.roles import may
from server.subsidies.approvals.queries import find_office
from server.subsidies.models import RunKind, RunStage
from server.subsidies.notices.listing import find_standing

STEPS = ("reckon", "submit", "approve", "notice", "pay", "done")
AT: Mapping[RunStage, int] = {
    RunStage.GATHERING: 0, RunStage.COMPUTING: 0, RunStage.COMPUTED: 1, RunStage.IN_APPROVAL: 2,
    RunStage.APPROVED: 3, RunStage.IN_NOTICE: 3, RunStage.PAYABLE: 4, RunStage.IN_PAYMENT: 4,
    RunStage.PAID: 5,
}  # fmt: skip
PAID_FROM = (RunStage.PAYABLE, RunStage.IN_PAYMENT)


@dataclass(frozen=True)
class Road:
    """The steps in words, the number of the present one, and what is next, with its page."""

    steps: Sequence[str]
    at: int | None
    next: str
    href: str = ""
    link: str = ""


def road_of(
    session: Session, run: Row[Any], *, is_approval_page: bool = False, is_yours: bool = False
) -> Road | None:
    """Return the way of a run; a trial has none. `is_yours` where it waits for the reader."""
    if run.kind == RunKind.WHAT_IF:
        return None
    facts, href, link = _next(session, run, is_approval_page=is_approval_page)
    return Road(
        [word("run_road", step) for step in STEPS],
        AT.get(run.stage),
        pgettext("run_next", "yours" if is_yours else run.stage.value, **facts),
        href,
        link,
    )


def _next(
    session: Session, run: Row[Any], *, is_approval_page: bool
) -> tuple[Mapping[str, Any], str, str]:
    sees = may(actor_of(session), "subsidies.see-payments")
    approval = url_for("subsidy_approvals.show_run", run_id=run.id)
    to_approval = (approval, _("To its approval")) if sees and not is_approval_page else ("", "")
    if run.stage == RunStage.IN_APPROVAL:
        office = find_office(session, run.id)
        return {"office": word("subsidy_part", office) if office else _("the bulk approval")}, *(
            to_approval
        )
    if run.stage == RunStage.IN_NOTICE:
        return _of_notice(session, run, sees=sees)
    if run.stage in PAID_FROM:
        return {}, *_where_it_is_paid(session, sees=sees)
    return {}, *(to_approval if run.stage in (RunStage.COMPUTED, RunStage.APPROVED) else ("", ""))


def _of_notice(
    session: Session, run: Row[Any], *, sees: bool
) -> tuple[Mapping[str, Any], str, str]:
    notice = find_standing(session, run.id)
    day = long_day(notice.ends_on if notice else None)
    if notice is None or not sees:
        return {"day": day}, "", ""
    href = url_for("subsidy_notices.show_notice", subsidy_notice_id=notice.id)
    return {"day": day}, href, _("To its notice")


def _where_it_is_paid(session: Session, *, sees: bool) -> tuple[str, str]:
    if may(actor_of(session), "subsidies.pay"):
        return url_for("subsidy_desk.show_desk"), _("To the cashier's desk")
    return (url_for("subsidy_batches.list_batches"), _("To the batches")) if sees else ("", "")
