"""What moves by itself in care at home: visits are made ahead, missed after their day, and held
against the checks; beds come to their end."""

from scheduler.runs import Run
from server.db.sessions import transaction
from server.homecare.alarms.escalating import call_next, is_any_due
from server.homecare.beds.chasing import tell_of_waiting
from server.homecare.beds.sweeping import end_home_beds_due
from server.homecare.checks.service import check_lately
from server.homecare.devices.silence import find_silent_devices
from server.homecare.meal_checks.service import check_lately as check_meals_lately
from server.homecare.orders.lapsing import lapse_orders
from server.homecare.orders.serving import redeem
from server.homecare.visits.making import make_visits
from server.homecare.visits.missing import miss_visits
from server.homecare.vouchers.issuing import issue_allowances


def end_home_beds(run: Run) -> int:
    """End beds at home whose agreement is over or that nobody serves; harmless twice."""
    with run.step() as session:
        return end_home_beds_due(session)


def plan_visits(run: Run) -> int:
    """Make what agreed plans want of the coming two weeks; what is there already stays."""
    with run.step() as session:
        return make_visits(session)


def note_missed(run: Run) -> int:
    """Turn planned visits of days gone by to missed."""
    with run.step() as session:
        return miss_visits(session)


def check_visits(run: Run) -> int:
    """Hold the visits of the last days against every check; returns how many findings are new."""
    with run.step() as session:
        return check_lately(session)


def check_meals(run: Run) -> int:
    """Hold the meals of the last days, and of people told of late, against every check."""
    with run.step() as session:
        return check_meals_lately(session)


def call_for_help(_run: Run) -> int:
    """Call the next in the order where nobody has an alarm in hand; two at once are harmless."""
    with transaction(writes=False) as session:
        if not is_any_due(session):
            return 0
    with transaction() as session:
        return call_next(session)


def find_silent(run: Run) -> int:
    """Put down devices that are not heard, and take back those that are heard again."""
    with run.step() as session:
        return find_silent_devices(session)


def issue_vouchers(run: Run) -> int:
    """Issue the month's vouchers and amounts to whoever is entitled; harmless twice."""
    with run.step() as session:
        return issue_allowances(session)


def settle_orders(run: Run) -> int:
    """Redeem orders whose visits are proved, and let those lapse that nobody served."""
    with run.step() as session:
        return redeem(session) + lapse_orders(session)


def tell_morning(run: Run) -> int:
    """Tell counties what waits for them, and everybody of days that passed; each once."""
    with run.step() as session:
        return tell_of_waiting(session)
