"""报价: what each item costs, what the city pays of it that day, and the elder's yes or no."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import all_or_nothing
from server.db.sessions import reaching_everywhere
from server.homecare.lives import RUN
from server.homecare.renovations.catalogue import items_by_code
from server.homecare.renovations.errors import PriceAboveCeiling, QuoteChanged, QuoteUnusable
from server.homecare.renovations.knowing import hold_still
from server.homecare.renovations.models import (
    QuoteState,
    Renovation,
    RenovationItem,
    RenovationNeed,
    RenovationQuote,
    RenovationQuoteLine,
)
from server.homecare.renovations.rules import Parts, figures_for, part
from server.homecare.renovations.states import RenovationState, RenovationStep
from server.homecare.renovations.steps import check_office, check_state, check_step, take_step
from server.policies.queries import get_figures
from server.residents.models import HardshipTier

GRANTS = "renovation.grants"
TIER = text(
    """
    SELECT coalesce((SELECT h.tier FROM hardship_period h
                      WHERE h.resident_id = :resident AND h.starts_on <= :today
                        AND (h.ends_on IS NULL OR h.ends_on > :today)), 'none')
    """
)


@dataclass(frozen=True)
class Terms:
    """What the city pays to this person today, and the row of the figures it rests on."""

    tier: HardshipTier
    rate_percent: int
    cap_fen: int
    parameter_id: int


@all_or_nothing
def quote(
    session: Session, renovation_id: int, prices: Mapping[int, int], *, note: str = ""
) -> RenovationQuote:
    """Offer a price in fen for each thing that is needed, by the need's number.

    Raises `QuoteUnusable`, `PriceAboveCeiling`, `ItemNotOffered`, what `check_step` raises, and
    `NotFound`.
    """
    renovation = hold_still(session, renovation_id)
    check_office(session, renovation, RUN)
    check_state(renovation, RenovationState.QUOTING)
    lines = _lines(session, renovation, prices)
    terms = terms_for(session, renovation)
    parts = part(
        sum(line.sum_fen for line in lines), rate_percent=terms.rate_percent, cap_fen=terms.cap_fen
    )
    offered = _keep(session, renovation, terms, parts, note)
    for line in lines:
        line.quote_id = offered.id or 0
    session.add_all(lines)
    session.flush()
    take_step(session, renovation, check_step(session, renovation, RenovationStep.QUOTE))
    return offered


@all_or_nothing
def agree(session: Session, renovation_id: int, *, quote_id: int) -> Renovation:
    """The elder, or who acts for them, says yes to the quote they saw; its amounts are taken over.

    Saying it twice is as good as once. Raises `QuoteChanged`, what `check_step` raises, `NotFound`.
    """
    renovation = hold_still(session, renovation_id)
    offered = _of_now(session, renovation_id, quote_id)
    if offered.state is QuoteState.AGREED:
        return renovation
    move = check_step(session, renovation, RenovationStep.AGREE)
    offered.state, offered.decided_at = QuoteState.AGREED, clock.now()
    renovation.tier, renovation.cost_fen = offered.tier, offered.cost_fen
    renovation.grant_fen, renovation.own_pay_fen = offered.grant_fen, offered.own_pay_fen
    return take_step(session, renovation, move)


@all_or_nothing
def decline(session: Session, renovation_id: int, *, quote_id: int, reason: str = "") -> Renovation:
    """The elder says no to a quote: the contractor may make another. Raises what `agree` does."""
    renovation = hold_still(session, renovation_id)
    offered = _of_now(session, renovation_id, quote_id)
    move = check_step(session, renovation, RenovationStep.DECLINE)
    offered.state, offered.decided_at = QuoteState.DECLINED, clock.now()
    return take_step(session, renovation, move, note=reason)


def terms_for(session: Session, renovation: Renovation | Row[Any]) -> Terms:
    """Return what the city pays to this person today; raises `RuleMissing`."""
    today = clock.today()
    figure = get_figures(session, [GRANTS], on=today)[GRANTS]
    with reaching_everywhere(session):
        whose = {"resident": renovation.resident_id, "today": today}
        tier: str = session.connection().execute(TIER, whose).scalar_one()
    rate, cap = figures_for(tier, figure.value)
    return Terms(HardshipTier(tier), rate, cap, figure.parameter_id)


def _of_now(session: Session, renovation_id: int, quote_id: int) -> RenovationQuote:
    query = select(RenovationQuote).where(
        col(RenovationQuote.id) == quote_id,
        col(RenovationQuote.renovation_id) == renovation_id,
        col(RenovationQuote.state) != QuoteState.DECLINED,
    )
    found = session.exec(query).one_or_none()
    if found is None:
        raise QuoteChanged()
    return found


def _keep(
    session: Session, renovation: Renovation, terms: Terms, parts: Parts, note: str
) -> RenovationQuote:
    assert renovation.site_id is not None, "what is quoted for has its contractor"
    offered = RenovationQuote(
        renovation_id=renovation.id or 0,
        site_id=renovation.site_id,
        state=QuoteState.OFFERED,
        quoted_at=clock.now(),
        note=note,
        **vars(terms),
        **vars(parts),
    )
    session.add(offered)
    session.flush()
    return offered


def _lines(
    session: Session, renovation: Renovation, prices: Mapping[int, int]
) -> list[RenovationQuoteLine]:
    query = select(RenovationNeed).where(col(RenovationNeed.renovation_id) == renovation.id)
    needs = session.exec(query.order_by(col(RenovationNeed.id))).all()
    if {need.id for need in needs} != set(prices) or min(prices.values(), default=0) <= 0:
        raise QuoteUnusable()
    # An item that is offered no more since the survey keeps its name of that day, and no ceiling.
    items = items_by_code(session, on=clock.today())
    return [_line(need, prices[need.id or 0], items.get(need.item_code)) for need in needs]


def _line(need: RenovationNeed, price_fen: int, item: RenovationItem | None) -> RenovationQuoteLine:
    name = item.name_zh if item else need.item_code
    if item and item.ceiling_fen is not None and price_fen > item.ceiling_fen:
        raise PriceAboveCeiling(item=name, most_fen=item.ceiling_fen)
    return RenovationQuoteLine(
        quote_id=0,
        room=need.room,
        item_code=need.item_code,
        item_name=name,
        quantity=need.quantity,
        price_fen=price_fen,
        sum_fen=price_fen * need.quantity,
    )
