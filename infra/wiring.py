"""Put one process together: keys, database, events. Every process starts from here."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine

from infra.payment_providers import provider_for
from server import events
from server.caregivers.linking import follow_accounts_closed
from server.db.engines import make_engine
from server.db.sessions import session_factory, use_context_key
from server.facilities.departures import bring_stays_back, end_stays
from server.facilities.events import (
    BedHeld,
    StayBegan,
    StayEnded,
    StayResumed,
    StaySuspended,
)
from server.facilities.merging import name_colliding_stays
from server.facilities.referrals.departures import end_referrals
from server.facilities.viewings.departures import cancel_viewings
from server.facilities.waiting.departures import bring_waiting_back, end_waiting
from server.homecare.beds.consenting import follow_consent_withdrawn
from server.homecare.beds.departures import bring_home_beds_back, end_home_beds
from server.homecare.beds.linking import (
    follow_bed_held,
    follow_level,
    follow_stay_begun,
    follow_stay_ended,
    follow_stay_resumed,
    follow_stay_suspended,
)
from server.homecare.merging import name_colliding_home_beds
from server.homecare.orders.departures import (
    bring_entitlements_back,
    end_orders,
    follow_admission,
    follow_discharge,
)
from server.homecare.orders.serving import follow_called_off, follow_told
from server.homecare.renovations.departures import bring_renovations_back, end_renovations
from server.homecare.visits.departures import bring_visits_back, end_visits
from server.homecare.visits.events import VisitCalledOff, VisitTold
from server.identity.events import AccountsClosed
from server.meals.departures import bring_meals_back, end_meals
from server.meals.merging import name_colliding_meals
from server.meals.standing.away import follow_away, follow_back
from server.meals.standing.departures import bring_standing_back, end_standing
from server.meals.wallets.by_phone import follow_refund_failed, follow_settled
from server.payments import providing
from server.payments.events import PaymentSettled, RefundFailed
from server.residents.assessments.events import AbilityLevelConfirmed
from server.residents.consents.events import ConsentWithdrawn
from server.residents.departures.events import DepartureReversed, ResidentsDeparted
from server.residents.merging.events import MergeConsidered
from server.residents.whereabouts import ResidentAway, ResidentBack
from server.secrets import fields
from server.settings import Settings

# Which event is handled by whom, and in which order.
HANDLERS: Mapping[type, Sequence[events.Handler]] = {
    # Whoever reckons by levels asks for the level of the day; nobody keeps a copy.
    AbilityLevelConfirmed: (follow_level,),
    ResidentsDeparted: (
        end_standing, end_meals, cancel_viewings, end_waiting, end_referrals, end_orders,
        end_visits, end_home_beds, end_stays, end_renovations,
    ),
    DepartureReversed: (
        bring_meals_back, bring_waiting_back, bring_stays_back, bring_home_beds_back,
        bring_visits_back, bring_entitlements_back, bring_renovations_back, bring_standing_back,
    ),
    MergeConsidered: (name_colliding_meals, name_colliding_stays, name_colliding_home_beds),
    StayBegan: (follow_stay_begun, follow_admission),
    StayEnded: (follow_stay_ended, follow_discharge),
    VisitTold: (follow_told,),
    VisitCalledOff: (follow_called_off,),
    StaySuspended: (follow_stay_suspended,),
    StayResumed: (follow_stay_resumed,),
    BedHeld: (follow_bed_held,),
    ConsentWithdrawn: (follow_consent_withdrawn,),
    ResidentAway: (follow_away,),
    ResidentBack: (follow_back,),
    PaymentSettled: (follow_settled,),
    RefundFailed: (follow_refund_failed,),
    AccountsClosed: (follow_accounts_closed,),
}  # fmt: skip


def wire(settings: Settings) -> Engine:
    """Give this process its keys, its connections and its handlers; returns the engine."""
    if settings.database_url is None:
        raise ValueError("DATABASE_URL is missing")
    keyring = fields.keyring_from(
        settings.field_keys.get_secret_value(), settings.index_key.get_secret_value()
    )
    fields.hold(keyring)
    use_context_key(settings.context_key.get_secret_value())
    events.wire(HANDLERS)
    providing.hold(provider_for(settings))
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=settings.pool_size)
    session_factory.configure(bind=engine)
    return engine
