"""≥ 1 % of what was paid for is looked at on the spot, drawn so that anybody can draw it again."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, false, insert, or_, select, text
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.errors import NotFound
from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings
from server.homecare.callbacks.errors import SampleTooEarly
from server.homecare.months.queries import next_month
from server.homecare.orders import rules
from server.homecare.orders.errors import (
    CheckedAlready,
    DoubtUnexplained,
    DrawnAlready,
    NothingToDraw,
)
from server.homecare.orders.models import CareOrder, CareOrderCheck, CareOrderDraw, CheckResult
from server.places.models import Division, DivisionLevel
from server.policies.queries import get_figures
from server.providers.models import Site
from server.residents.models import Resident

# Who is paid for lives in the county, wherever the provider sits.
POPULATION = text(
    """
    SELECT o.id, o.resident_id, o.site_id FROM care_order o JOIN resident r ON r.id = o.resident_id
     WHERE o.state = 'redeemed' AND o.service_on >= :month AND o.service_on < :next_month
       AND o.purchased_fen + o.voucher_fen > 0 AND left(r.village_code, 6) = :county
     ORDER BY o.id
    """
)


@all_or_nothing
def draw_sample(session: Session, *, county_code: str, month: date, seed: str) -> CareOrderDraw:
    """Draw the sample of a county and month, once the month is over, and once.

    Raises `SampleTooEarly`, `DrawnAlready`, `NothingToDraw`.

    `SHA-256(seed:number)` of each redeemed order puts them in order, the first hundredth is drawn.
    """
    opens_on = next_month(month)
    if clock.today() < opens_on:
        raise SampleTooEarly(opens_on=opens_on.isoformat())
    values = {"month": month, "next_month": opens_on, "county": county_code}
    rows = {row.id: row for row in session.connection().execute(POPULATION, values).all()}
    if not rows:
        raise NothingToDraw()
    percent = int(get_figures(session, [rules.CHECKED], on=month)[rules.CHECKED].value)
    chosen = rules.draw(seed, list(rows), percent)
    draw = CareOrderDraw(
        county_code=county_code,
        month=month,
        seed=seed,
        percent=percent,
        population=len(rows),
        size=len(chosen),
        drawn_at=clock.now(),
        drawn_by=actor_of(session).staff_id,
    )
    with refusing(session, {"uq_care_order_draw_county_code_month": DrawnAlready()}):
        session.add(draw)
    checks = [_check(draw, rows[number], place) for place, number in enumerate(chosen, start=1)]
    session.execute(insert(table_of(CareOrderCheck)), checks)
    return draw


@all_or_nothing
def note_check(
    session: Session, check_id: int, *, result: CheckResult, note: str = ""
) -> CareOrderCheck:
    """Write down what was found on the spot, once; what is in doubt becomes a finding.

    Raises `NotFound`, `CheckedAlready`, `DoubtUnexplained`.
    """
    query = select(CareOrderCheck).where(col(CareOrderCheck.id) == check_id)
    check: CareOrderCheck | None = session.execute(query.with_for_update()).scalar_one_or_none()
    if check is None:
        raise NotFound()
    if check.result is not None:
        raise CheckedAlready()
    if result is not CheckResult.THERE and not note:
        raise DoubtUnexplained()
    check.result, check.note = result, note
    check.checked_at, check.checked_by = clock.now(), actor_of(session).staff_id
    session.flush()
    if result is not CheckResult.THERE:
        put_findings(session, [_suspicion(check)])
    return check


def find_draw(session: Session, county_code: str, month: date) -> CareOrderDraw | None:
    """Return the draw of a county and month, None where it was not drawn."""
    query = select(CareOrderDraw).where(
        col(CareOrderDraw.county_code) == county_code, col(CareOrderDraw.month) == month
    )
    found: CareOrderDraw | None = session.execute(query).scalar_one_or_none()
    return found


def county_and_month_of(session: Session, check_id: int) -> dict[str, Any]:
    """Return of which county and month the sample is that a check belongs to; `NotFound` else."""
    query: Any = (
        select(col(CareOrderDraw.county_code).label("county"), col(CareOrderDraw.month))
        .join(CareOrderCheck, col(CareOrderCheck.draw_id) == col(CareOrderDraw.id))
        .where(col(CareOrderCheck.id) == check_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return dict(row._mapping)


def list_counties(session: Session, prefixes: Sequence[str]) -> Sequence[Row[Any]]:
    """Return (code, name) of the counties under these divisions."""
    counties = col(Division.level) == DivisionLevel.COUNTY
    under = or_(false(), *(col(Division.code).startswith(one[:6]) for one in prefixes))
    query = select(col(Division.code), col(Division.name)).where(counties, under)
    return session.execute(query.order_by(col(Division.code))).all()


def list_checks(session: Session, draw_id: int) -> Sequence[Row[Any]]:
    """Return the sample in the order of the draw, with what was found."""
    query = (
        select(
            *table_of(CareOrderCheck).c,
            col(CareOrder.starts_at),
            col(CareOrder.services),
            col(CareOrder.bill_fen),
            col(Resident.name).label("resident_name"),
            col(Resident.address).label("resident_address"),
            col(Site.name).label("site_name"),
        )
        .select_from(CareOrderCheck)
        .join(CareOrder, col(CareOrder.id) == col(CareOrderCheck.order_id))
        .join(Site, col(Site.id) == col(CareOrderCheck.site_id))
        .outerjoin(Resident, col(Resident.id) == col(CareOrderCheck.resident_id))
        .where(col(CareOrderCheck.draw_id) == draw_id)
    )
    return session.execute(query.order_by(col(CareOrderCheck.place))).all()


def _check(draw: CareOrderDraw, order: Row[Any], place: int) -> dict[str, Any]:
    return {
        "draw_id": draw.id,
        "place": place,
        "order_id": order.id,
        "resident_id": order.resident_id,
        "site_id": order.site_id,
        "note": "",
    }


def _suspicion(check: CareOrderCheck) -> Suspicion:
    assert check.result is not None, "it was just noted"
    evidence = {"care_order_id": check.order_id, "result": check.result.value}
    return Suspicion(
        FindingKind.CARE_ORDER_DOUBTFUL, f"care_order:{check.order_id}", check.resident_id, evidence
    )
