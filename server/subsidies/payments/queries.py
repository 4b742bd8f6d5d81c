"""Runs that wait for money, batches, payments, and what is beneath each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Text,
    cast,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlmodel import Session, col

from server.db.tables import table_of
from server.errors import NotFound
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.terms import Beneficiary
from server.providers.models import Site
from server.residents.models import Resident
from server.subsidies.budgets.models import SubsidyBudget
from server.subsidies.models import SubsidyLine, SubsidyRun
from server.subsidies.payments.models import (
    BatchState,
    PaymentState,
    SubsidyBankFile,
    SubsidyBankFileOpening,
    SubsidyBankReturn,
    SubsidyBatch,
    SubsidyPayment,
    SubsidyPaymentLine,
)
from server.subsidies.payments.payees import NOT_HELD

BATCH, PAYMENT = table_of(SubsidyBatch), table_of(SubsidyPayment)
LINE, OF_PAYMENT = table_of(SubsidyLine), table_of(SubsidyPaymentLine)
BUDGET, FILE = table_of(SubsidyBudget), table_of(SubsidyBankFile)
RETURN, VERSION = table_of(SubsidyBankReturn), table_of(PolicyVersion)
# An answer of the bank to a batch names failures that nobody has confirmed.
UNCONFIRMED = exists().where(
    RETURN.c.batch_id == BATCH.c.id,
    RETURN.c.failed + RETURN.c.came_back > 0,
    RETURN.c.confirmed_at.is_(None),
)
NAME_OF_RUN = VERSION.c.content["name"]
SHOWN_AT_MOST = 500
SEALED = {"account_cipher", "account_digest", "content_cipher"}

TO_PAY = text(
    f"""
    SELECT r.id, r.programme, r.kind, r.stage, r.division_code, r.first_month, r.months,
           v.content -> 'name' ->> 'zh' AS name_zh, v.content -> 'name' ->> 'en' AS name_en,
           v.content ->> 'budget_line' AS line, b.id AS budget_id, s.*
      FROM subsidy_run r
      JOIN policy_version v ON v.id = r.version_id
      LEFT JOIN LATERAL (
          SELECT id FROM subsidy_budget
           WHERE year = :year AND line = v.content ->> 'budget_line'
             AND starts_with(r.division_code, division_code)
           ORDER BY length(division_code) DESC LIMIT 1) b ON true
      CROSS JOIN LATERAL (
          SELECT count(*) FILTER (WHERE l.amount_fen > 0) AS lines,
                 coalesce(sum(l.amount_fen) FILTER (WHERE l.amount_fen > 0), 0)::bigint AS due_fen,
                 coalesce(sum(-l.amount_fen) FILTER (WHERE l.amount_fen < 0), 0)::bigint
                     AS back_fen,
                 coalesce(sum(l.amount_fen) FILTER (WHERE p.state = 'paid'), 0)::bigint
                     AS paid_fen,
                 coalesce(sum(l.amount_fen) FILTER (WHERE p.state = 'open'), 0)::bigint
                     AS open_fen
            FROM subsidy_line l
            LEFT JOIN subsidy_payment_line x
                   ON x.run_id = l.run_id AND x.number = l.number AND x.is_live
            LEFT JOIN subsidy_payment p ON p.id = x.payment_id
           WHERE l.run_id = r.id AND l.outcome = 'due' AND {NOT_HELD}) s
     WHERE r.stage IN ('payable', 'in_payment') AND r.kind <> 'what_if'
       AND EXISTS (SELECT 1 FROM unnest(CAST(:prefixes AS text[])) AS u(prefix)
                    WHERE starts_with(r.division_code, u.prefix))
     ORDER BY r.programme, r.first_month, r.id
    """
)


@dataclass(frozen=True)
class BatchWanted:
    """Which batches; what is None is not asked for."""

    state: BatchState | None = None
    budget_id: int | None = None
    is_unconfirmed: bool | None = None


@dataclass(frozen=True)
class PaymentWanted:
    """Which payments of a batch; what is None is not asked for."""

    state: PaymentState | None = None
    name: str | None = None


def list_to_pay(session: Session, prefixes: Sequence[str], *, year: int) -> Sequence[Row[Any]]:
    """Return runs that wait for money, with what is due, in batches and paid of each."""
    asked = {"prefixes": list(prefixes), "year": year}
    return session.connection().execute(TO_PAY, asked).all()


def list_batches(
    session: Session, prefixes: Sequence[str], wanted: BatchWanted
) -> Sequence[Row[Any]]:
    """Return batches under these divisions, the latest first."""
    query = _batches(prefixes)
    if wanted.state is not None:
        query = query.where(BATCH.c.state == wanted.state)
    if wanted.budget_id is not None:
        query = query.where(BATCH.c.budget_id == wanted.budget_id)
    if wanted.is_unconfirmed is not None:
        query = query.where(UNCONFIRMED if wanted.is_unconfirmed else ~UNCONFIRMED)
    return session.execute(query.order_by(BATCH.c.id.desc()).limit(SHOWN_AT_MOST)).all()


def get_batch(session: Session, prefixes: Sequence[str], batch_id: int) -> Row[Any]:
    """Return one of `list_batches`; raises `NotFound`."""
    row = session.execute(_batches(prefixes).where(BATCH.c.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_payments(
    session: Session, batch_id: int, wanted: PaymentWanted, *, limit: int | None = SHOWN_AT_MOST
) -> Sequence[Row[Any]]:
    """Return payments of a batch, those that failed first; the whole account never."""
    failed_last = PAYMENT.c.state != PaymentState.FAILED
    query = _wanted(select(*_open(PAYMENT)), batch_id, wanted)
    return session.execute(query.order_by(failed_last, PAYMENT.c.id).limit(limit)).all()


def count_payments(session: Session, batch_id: int, wanted: PaymentWanted) -> int:
    """Return how many payments fit, shown or not."""
    query = _wanted(select(func.count()).select_from(PAYMENT), batch_id, wanted)
    return int(session.execute(query).scalar_one())


def get_payment(session: Session, payment_id: int) -> Row[Any]:
    """Return one that row security lets the actor see; raises `NotFound`."""
    query = select(*_open(PAYMENT)).where(PAYMENT.c.id == payment_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_lines(session: Session, payment_id: int) -> Sequence[Row[Any]]:
    """Return the lines in a payment, each with its run and whom it is about."""
    run = table_of(SubsidyRun)
    query = (
        select(
            OF_PAYMENT.c.run_id,
            OF_PAYMENT.c.number,
            OF_PAYMENT.c.amount_fen,
            OF_PAYMENT.c.is_live,
            LINE.c.month,
            NAME_OF_RUN["zh"].astext.label("name_zh"),
            NAME_OF_RUN["en"].astext.label("name_en"),
            run.c.kind,
            col(Resident.name).label("resident_name"),
            col(Site.name).label("site_name"),
        )
        .join(LINE, (LINE.c.run_id == OF_PAYMENT.c.run_id) & (LINE.c.number == OF_PAYMENT.c.number))
        .join(run, run.c.id == OF_PAYMENT.c.run_id)
        .join(VERSION, VERSION.c.id == run.c.version_id)
        .outerjoin(Resident, col(Resident.id) == LINE.c.resident_id)
        .outerjoin(Site, col(Site.id) == LINE.c.site_id)
        .where(OF_PAYMENT.c.payment_id == payment_id)
    )
    return session.execute(query.order_by(OF_PAYMENT.c.run_id, OF_PAYMENT.c.number)).all()


def list_others(session: Session, payment_id: int) -> Sequence[Row[Any]]:
    """Return the other payments of the same lines: tries before, and those after."""
    other, own = OF_PAYMENT.alias(), OF_PAYMENT.alias()
    shared = (
        select(other.c.payment_id)
        .join(own, (own.c.run_id == other.c.run_id) & (own.c.number == other.c.number))
        .where(own.c.payment_id == payment_id, other.c.payment_id != payment_id)
    )
    query = select(*_open(PAYMENT)).where(PAYMENT.c.id.in_(shared))
    return session.execute(query.order_by(PAYMENT.c.id)).all()


def find_file(session: Session, batch_id: int) -> Row[Any] | None:
    """Return what is known of a batch's file, but not what it holds."""
    query = select(*_open(FILE)).where(FILE.c.batch_id == batch_id)
    return session.execute(query).one_or_none()


def list_openings(session: Session, file_id: int) -> Sequence[Row[Any]]:
    """Return who took the file, when and why, the latest first."""
    opening = table_of(SubsidyBankFileOpening)
    query = select(
        opening.c.opened_at,
        opening.c.reason,
        func.name_of_staff(opening.c.opened_by, type_=Text).label("staff_name"),
    ).where(opening.c.file_id == file_id)
    return session.execute(query.order_by(opening.c.id.desc()).limit(SHOWN_AT_MOST)).all()


def list_returns(session: Session, batch_id: int) -> Sequence[Row[Any]]:
    """Return what the bank said of a batch, file by file, the first first."""
    names = (
        func.name_of_staff(RETURN.c[column], type_=Text).label(label)
        for column, label in (("imported_by", "staff_name"), ("confirmed_by", "confirmer"))
    )
    query = select(*_open(RETURN), *names).where(RETURN.c.batch_id == batch_id)
    return session.execute(query.order_by(RETURN.c.id)).all()


def reasons_of(session: Session, batch_id: int) -> Sequence[Row[Any]]:
    """Return why payments of a batch failed, the most frequent first."""
    query = (
        select(PAYMENT.c.code, PAYMENT.c.reason, func.count().label("payments"),
               cast(func.sum(PAYMENT.c.amount_fen), BigInteger).label("total_fen"))
        .where(PAYMENT.c.batch_id == batch_id, PAYMENT.c.state == PaymentState.FAILED)
        .group_by(PAYMENT.c.code, PAYMENT.c.reason)
    )  # fmt: skip
    order = (func.count().desc(), PAYMENT.c.code, PAYMENT.c.reason)
    return session.execute(query.order_by(*order)).all()


def list_received(
    session: Session, within: ColumnElement[bool], *, year: int | None = None
) -> Sequence[Row[Any]]:
    """Return what sites were sent, the latest first: paid, failed, or with the bank still."""
    query = (
        select(
            *_open(PAYMENT),
            BATCH.c.sent_at,
            BUDGET.c.line,
            BUDGET.c.year,
            col(Site.name).label("site_name"),
        )
        .join(BATCH, BATCH.c.id == PAYMENT.c.batch_id)
        .join(BUDGET, BUDGET.c.id == BATCH.c.budget_id)
        .join(Site, col(Site.id) == PAYMENT.c.payee_id)
        .where(PAYMENT.c.payee_kind == Beneficiary.SITE, BATCH.c.sent_at.is_not(None), within)
    )
    if year is not None:
        query = query.where(BUDGET.c.year == year)
    return session.execute(query.order_by(PAYMENT.c.id.desc()).limit(SHOWN_AT_MOST)).all()


def get_received(session: Session, within: ColumnElement[bool], payment_id: int) -> Row[Any]:
    """Return one payment to one of these sites; raises `NotFound`."""
    query = (
        select(*_open(PAYMENT))
        .join(Site, col(Site.id) == PAYMENT.c.payee_id)
        .where(PAYMENT.c.id == payment_id, PAYMENT.c.payee_kind == Beneficiary.SITE, within)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def under(column: Any, prefixes: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a division lies under one of these."""
    return or_(*(column.startswith(one, autoescape=True) for one in prefixes))


def payees_without(payees: Sequence[Row[Any]]) -> Mapping[str, Sequence[Row[Any]]]:
    """Return standing → payees of those who cannot be paid now."""
    found: dict[str, list[Row[Any]]] = {}
    for one in payees:
        if one.standing != "ready":
            found.setdefault(one.standing, []).append(one)
    return found


def _batches(prefixes: Sequence[str]) -> Select[Any]:
    names = (
        func.name_of_staff(BATCH.c[column], type_=Text).label(label)
        for column, label in (
            ("made_by", "maker"), ("checked_by", "checker"), ("sent_by", "sender"),
            ("reconciled_by", "reconciler"),
        )
    )  # fmt: skip
    return (
        select(*BATCH.c, *names, BUDGET.c.line, BUDGET.c.year, UNCONFIRMED.label("is_unconfirmed"))
        .join(BUDGET, BUDGET.c.id == BATCH.c.budget_id)
        .where(under(BATCH.c.division_code, prefixes))
    )


def _wanted(query: Select[Any], batch_id: int, wanted: PaymentWanted) -> Select[Any]:
    query = query.where(PAYMENT.c.batch_id == batch_id)
    if wanted.state is not None:
        query = query.where(PAYMENT.c.state == wanted.state)
    if wanted.name is not None:
        query = query.where(PAYMENT.c.payee_name.contains(wanted.name, autoescape=True))
    return query


def _open(table: Any) -> list[Any]:
    """Every column but those that are sealed."""
    return [column for column in table.c if column.name not in SEALED]
