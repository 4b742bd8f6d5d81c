"""Lines about an elder or a caregiver, as they are told to whom they are about.

What is still being reckoned is nobody's yet; from the approval on it is told, with how far it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, text
from sqlmodel import Session, col

from server.db.sessions import actor_of
from server.db.tables import table_of
from server.policies.programmes.models import PolicyVersion
from server.subsidies.models import Outcome, RunStage, SubsidyLine, SubsidyRun
from server.subsidies.notices.models import SubsidyNotice, SubsidyObjection
from server.subsidies.payments.models import PaymentState

MOST = 400
# A programme that is for homes or canteens is theirs to be told, though its cases name an elder.
LINES = text(
    """
    SELECT l.run_id, l.number, l.resident_id, l.caregiver_id, l.month, l.outcome, l.amount_fen,
           l.trace, r.stage, r.kind, r.version_id, v.content -> 'name' AS programme_name,
           v.content ->> 'payee' AS payee, s.name AS site_name,
           coalesce(e.name, c.name) AS person_name,
           n.ends_on AS notice_ends_on, n.code AS notice_code,
           h.id IS NOT NULL AS is_held, p.state AS payment_state, p.settled_on
      FROM subsidy_line l
      JOIN subsidy_run r ON r.id = l.run_id
      JOIN policy_version v ON v.id = r.version_id
      JOIN site s ON s.id = l.site_id
      LEFT JOIN resident e ON e.id = l.resident_id
      LEFT JOIN caregiver c ON c.id = l.caregiver_id
      LEFT JOIN subsidy_notice n ON n.run_id = l.run_id AND n.withdrawn_at IS NULL
      LEFT JOIN subsidy_held_line h
             ON h.run_id = l.run_id AND h.number = l.number AND h.put_back_at IS NULL
      LEFT JOIN LATERAL (
           SELECT q.state, q.settled_on FROM subsidy_payment_line m
             JOIN subsidy_payment q ON q.id = m.payment_id
            WHERE m.run_id = l.run_id AND m.number = l.number AND q.state <> 'cancelled'
            ORDER BY q.id DESC LIMIT 1) p ON true
     WHERE (l.resident_id = ANY (:residents) AND v.content ->> 'beneficiary' = 'resident'
            OR l.caregiver_id = :caregiver AND v.content ->> 'beneficiary' = 'caregiver')
       AND l.month >= :since AND l.outcome <> 'nothing' AND r.kind <> 'what_if'
       AND r.stage IN ('in_approval', 'approved', 'in_notice', 'payable', 'in_payment', 'paid')
     ORDER BY l.month DESC, l.run_id DESC, l.number
     LIMIT :most
    """
)
LINE, RUN, VERSION = table_of(SubsidyLine), table_of(SubsidyRun), table_of(PolicyVersion)
TOLD = (
    RunStage.IN_APPROVAL, RunStage.APPROVED, RunStage.IN_NOTICE, RunStage.PAYABLE,
    RunStage.IN_PAYMENT, RunStage.PAID,
)  # fmt: skip


class Standing(StrEnum):
    """How far an amount has come, in the words of whoever waits for it."""

    IN_APPROVAL = "in_approval"  # 审批中
    APPROVED = "approved"  # 已批准
    IN_NOTICE = "in_notice"  # 公示中
    PAYABLE = "payable"  # 等待发放
    IN_PAYMENT = "in_payment"  # 银行处理中
    PAID = "paid"  # 已发放
    FAILED = "failed"  # 银行退回
    HELD = "held"  # 核实中
    REFUSED = "refused"  # 不发放
    TAKEN_BACK = "taken_back"  # 要收回


@dataclass(frozen=True)
class Whose:
    """Whose lines: elders for whom somebody may ask, and the caregiver whose phone it is."""

    resident_ids: Sequence[int]
    caregiver_id: int | None = None

    @property
    def lines(self) -> ColumnElement[bool]:
        """The condition on lines about them that are told by now."""
        told = select(RUN.c.id).where(RUN.c.stage.in_(TOLD), RUN.c.kind != "what_if")
        about = or_(
            LINE.c.resident_id.in_(self.resident_ids), LINE.c.caregiver_id == self.caregiver_id
        )
        return about & LINE.c.run_id.in_(told)


def list_own(session: Session, whose: Whose, since: date) -> Sequence[Row[Any]]:
    """Return the lines about them from a month on, the latest month first."""
    asked = {
        "residents": list(whose.resident_ids), "caregiver": whose.caregiver_id, "since": since,
        "most": MOST,
    }  # fmt: skip
    return session.connection().execute(LINES, asked).all()


def standing_of(row: Row[Any]) -> Standing:
    """Return how far a line has come: what is said of itself goes before its run's stage."""
    if row.outcome == Outcome.REFUSED:
        return Standing.REFUSED
    if row.is_held:
        return Standing.HELD
    if row.amount_fen < 0:
        return Standing.TAKEN_BACK
    if row.payment_state in (PaymentState.PAID, PaymentState.FAILED):
        return Standing(row.payment_state)
    return Standing(row.stage)


def list_own_objections(session: Session) -> Sequence[Row[Any]]:
    """Return what this account objected to by phone, the latest first, with what came of it."""
    objection, notice = table_of(SubsidyObjection), table_of(SubsidyNotice)
    query = (
        select(*objection.c, notice.c.run_id, VERSION.c.content["name"].label("programme_name"))
        .join_from(objection, notice, notice.c.id == objection.c.notice_id)
        .join(RUN, RUN.c.id == notice.c.run_id)
        .join(VERSION, VERSION.c.id == RUN.c.version_id)
        .where(objection.c.account_id == actor_of(session).account_id)
        .order_by(objection.c.id.desc())
        .limit(MOST)
    )
    return session.execute(query).all()


def find_notice_code(session: Session, run_id: int) -> str | None:
    """Return the code of a run's notice, None where none stands."""
    query = select(col(SubsidyNotice.code)).where(
        col(SubsidyNotice.run_id) == run_id, col(SubsidyNotice.withdrawn_at).is_(None)
    )
    return session.execute(query).scalar_one_or_none()
