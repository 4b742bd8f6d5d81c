"""Makes the demo of a city what it should be today, and touches nothing that is right already."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import text
from sqlmodel import Session

from infra.demo import kitchens, menus
from infra.demo.allowances import are_allowances_there, put_allowances
from infra.demo.assessments import are_there_any
from infra.demo.at_table import (
    are_orders_there,
    let_somebody_wait,
    order_every_week,
    place_homes,
    show_dishes,
)
from infra.demo.audited import is_desk_there, put_desk
from infra.demo.beds import are_beds_there, put_beds
from infra.demo.beginning import ACTION, Beginning, agree
from infra.demo.bookings import put_bookings
from infra.demo.bought import are_vouchers_there, put_vouchers
from infra.demo.canteens import canteen_places, put_canteens
from infra.demo.caregiver_files import are_caregivers_there, put_caregivers
from infra.demo.caregivers import find_weeks_without, put_weeks
from infra.demo.carrying import put_rounds
from infra.demo.dishes import put_dishes
from infra.demo.divisions import Divisions, read_divisions
from infra.demo.eaters import read_eaters
from infra.demo.faces import FACES, find_holders, open_accounts
from infra.demo.facts import are_facts_there, put_facts
from infra.demo.home_beds import are_home_beds_there, put_home_beds
from infra.demo.home_devices import put_alarms
from infra.demo.home_visits import put_home_visits
from infra.demo.messages import are_messages_there, put_messages
from infra.demo.money import is_money_there, put_money
from infra.demo.paid_month import is_month_paid, put_paid_month
from infra.demo.papers import are_papers_there, put_papers
from infra.demo.policies import are_policies_there, put_policies
from infra.demo.register import assess, find_missing, register
from infra.demo.reminded import are_reminders_there, put_reminders
from infra.demo.renovations import are_renovations_there, put_renovations
from infra.demo.residents import Population
from infra.demo.returns import find_days_without, put_reports, put_returns_of
from infra.demo.settled import are_months_settled, put_settled_months
from infra.demo.sites import put_facilities, put_providers, site_ids
from infra.demo.staff import put_staff
from infra.demo.subsidies import are_runs_there, put_runs
from infra.demo.training import is_training_there, put_training
from infra.demo.wallets import are_wallets_there, put_wallets
from server.db.acts import Act, Face, acting
from server.db.cities import current_city
from server.db.sessions import transaction
from server.meals.counter.keys import is_key_due, renew_keys

DEFAULT_RESIDENTS = 2_000
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('demo of ' || current_schema()))")

# Told after each slice of residents: how many are in, of how many.
Tell = Callable[[int, int], None]
IsThere = Callable[[Session], bool]
Fill = Callable[[Session], object]


@dataclass(frozen=True)
class Loaded:
    """How many rows of each kind this load added."""

    sites: int = 0
    staff: int = 0
    residents: int = 0
    accounts: int = 0
    sittings: int = 0
    bookings: int = 0

    @property
    def is_anything(self) -> bool:
        """False where the demo was complete before."""
        return any(vars(self).values())


def load_demo(
    *,
    residents: int = DEFAULT_RESIDENTS,
    seed: int | None = None,
    workers: int = 1,
    tell: Tell = lambda done, of: None,
) -> Loaded:
    """Load the demo into the present city, or what it lacks: more residents, further days.

    Without a seed the city keeps the one it began with. Never removes anything. Each of the
    `workers` needs a connection; more than one are of use for hundreds of thousands of residents.
    Raises `OtherSeed`, `CityInhabited`, and `NoVillages` where nobody could live anywhere.
    """
    with acting(_act(None)), transaction(writes=False) as session:
        beginning = agree(session, seed=seed)
        divisions = read_divisions(session, current_city())
    with acting(_act(beginning)):
        sites, staff = _furnish(beginning, divisions)
        canteens = _canteens()
        population = Population(beginning, divisions, canteens)
        new = _register(population, max(residents, len(FACES)), workers, tell)
        _assess_earlier_residents(population, max(residents, len(FACES)))
        _once(are_policies_there, put_policies)
        _once(are_facts_there, partial(put_facts, beginning=beginning))
        _once(are_beds_there, partial(put_beds, beginning=beginning))
        _once(are_papers_there, partial(put_papers, beginning=beginning))
        _once(is_money_there, partial(put_money, beginning=beginning))
        _let_homes_file(beginning)
        _tell_caregivers(beginning)
        _once(are_caregivers_there, partial(put_caregivers, beginning=beginning))
        accounts = _open_accounts(beginning, population)
        _once(are_home_beds_there, put_home_beds, put_alarms, put_home_visits)
        _once(are_vouchers_there, put_vouchers)
        _once(are_renovations_there, put_renovations)
        sittings, bookings = _fill_menus(
            beginning, population, [site_id for site_id, _ in canteens]
        )
        _once(are_wallets_there, put_wallets)
        _lay_the_table([site_id for site_id, _ in canteens])
        _open_counters([site_id for site_id, _ in canteens])
        _once(are_months_settled, put_settled_months)
        _once(is_training_there, put_training)
        _once(are_allowances_there, put_allowances)
        _once(are_reminders_there, put_reminders)
        _once(are_messages_there, put_messages)
        _once(are_runs_there, put_runs)
        _once(is_month_paid, put_paid_month)
        _once(is_desk_there, put_desk)
    return Loaded(sites, staff, new, accounts, sittings, bookings)


def _once(is_there: IsThere, *fill: Fill) -> None:
    """Fill what older demos lack; a demo that has any keeps what it has."""
    with transaction(writes=False) as session:
        if is_there(session):
            return
    with transaction() as session:
        session.connection().execute(ONE_AT_A_TIME)
        if not is_there(session):
            for put in fill:
                put(session)


def _act(beginning: Beginning | None) -> Act:
    reason = beginning.reason if beginning else None
    return Act(Face.COMMAND, ACTION, str(uuid.uuid4()), service=True, reason=reason)


def _furnish(beginning: Beginning, divisions: Divisions) -> tuple[int, int]:
    """Enter sites, canteens, dishes and staff, all at once; returns how many sites and staff."""
    with transaction(writes=False) as session:
        if site_ids(session):
            return 0, 0
    with transaction() as session:
        session.connection().execute(ONE_AT_A_TIME)
        if site_ids(session):
            return 0, 0
        providers = put_providers(session, divisions.city_code)
        facilities = put_facilities(session, beginning, divisions, providers)
        canteens = put_canteens(session, beginning, divisions, providers)
        put_dishes(session, beginning, canteens)
        kitchens.put_templates(session, canteens[0])
        staff = put_staff(session, beginning, divisions, site_ids(session))
        return facilities + len(canteens), staff


def _canteens() -> Sequence[tuple[int, str]]:
    with transaction(writes=False) as session:
        return canteen_places(session)


def _register(population: Population, wanted: int, workers: int, tell: Tell) -> int:
    with transaction(writes=False) as session:
        missing = find_missing(session, population, wanted=wanted)
    if not missing:
        return 0
    done = wanted - sum(stop - start for start, stop in missing)

    def count(new: int) -> None:
        nonlocal done
        done += new
        tell(done, wanted)

    tell(done, wanted)
    return register(population, missing, workers=workers, counted=count)


def _assess_earlier_residents(population: Population, wanted: int) -> None:
    """New residents come with their assessments; a demo of before there were any has none."""
    with transaction(writes=False) as session:
        if are_there_any(session):
            return
    assess(population, wanted=wanted)


def _let_homes_file(beginning: Beginning) -> None:
    """Bed returns and daily reports of the last three months, or of the days since."""
    with transaction(writes=False) as session:
        if not find_days_without(session):
            return
    with transaction() as session:
        session.connection().execute(ONE_AT_A_TIME)
        days = find_days_without(session)
        put_returns_of(session, beginning, days)
        put_reports(session, beginning, days)


def _tell_caregivers(beginning: Beginning) -> None:
    """Who was on duty in the homes in the last eight weeks, or in the weeks since."""
    with transaction(writes=False) as session:
        if not find_weeks_without(session):
            return
    with transaction() as session:
        session.connection().execute(ONE_AT_A_TIME)
        put_weeks(session, beginning, find_weeks_without(session))


def _open_accounts(beginning: Beginning, population: Population) -> int:
    with transaction(writes=False) as session:
        if find_holders(session):
            return 0
    with transaction() as session:
        session.connection().execute(ONE_AT_A_TIME)
        if find_holders(session):
            return 0
        return open_accounts(session, beginning, population.face_counties())


def _fill_menus(
    beginning: Beginning, population: Population, canteen_ids: Sequence[int]
) -> tuple[int, int]:
    """Publish what the next two weeks lack, with some bookings; returns how many of each."""
    with transaction(writes=False) as session:
        if not _menus_lack_anything(session, canteen_ids):
            return 0, 0
    with transaction() as session:
        session.connection().execute(ONE_AT_A_TIME)
        if menus.find_early_cut_offs(session, canteen_ids):
            menus.reopen_today(session, canteen_ids)
        gaps = menus.find_gaps(session, canteen_ids)
        if not gaps:
            return 0, 0
        sittings = menus.fill_gaps(session, beginning, canteen_ids, gaps)
        eaters = read_eaters(session, population)
        booked = put_bookings(session, beginning, eaters, sittings)
        kitchens.note_needs(session, canteen_ids[0])
        return len(sittings), booked


def _lay_the_table(canteen_ids: Sequence[int]) -> None:
    """Orders, a line, homes and photos at the first two canteens."""
    first, second = canteen_ids[:2]
    _once(
        are_orders_there,
        partial(place_homes, canteen_id=first),
        partial(show_dishes, canteen_id=first),
        partial(order_every_week, canteen_id=first),
        partial(let_somebody_wait, canteen_id=second),
    )


def _open_counters(canteen_ids: Sequence[int]) -> None:
    """A key that signs meal codes, and rounds for today's deliveries of the first canteen."""
    with transaction(writes=False) as session:
        if not is_key_due(session):
            return
    with transaction() as session:
        if renew_keys(session):
            put_rounds(session, canteen_ids[0])


def _menus_lack_anything(session: Session, canteen_ids: Sequence[int]) -> bool:
    return bool(menus.find_gaps(session, canteen_ids)) or menus.find_early_cut_offs(
        session, canteen_ids
    )
