"""Runs with one planted fault of each kind, beside look-alikes that are right.

A plant returns its run's source and lines; a line says by `wrong` whether it is a fault.
"""

from datetime import date, datetime, time, timedelta

from server import clock
from server.caregivers.models import PAYEE_FIELD, Degree, InsurancePayer
from server.facilities.models import BedKind, BedOccupancy, BedState, Stay, StayStatus
from server.facilities.returns.models import BedReturn, ReturnSource
from server.homecare.beds.models import HomeBedAgreement, HomeBedBuild
from server.homecare.months.models import HomeMonth, HomeMonthBed
from server.homecare.renovations.models import Renovation
from server.residents.assessments.models import Assessment
from server.residents.departures.models import Departure
from server.residents.facts.models import ACCOUNT_FIELD, Hukou, PayeeAccount
from server.secrets.fields import keyring
from server.subsidies.models import RunStage
from server.subsidies.notices.models import SubsidyNotice
from tests.cities import VILLAGE
from tests.factories.caregivers import (
    make_attendance,
    make_caregiver,
    make_certificate,
    make_contract,
    make_degree,
    make_employment,
)
from tests.factories.eaten import Kitchen
from tests.factories.facilities import make_beds
from tests.factories.homecare import make_home_bed, make_provider
from tests.factories.meals import make_site
from tests.factories.people import make_hardship, make_resident, make_staff
from tests.factories.subsidies import BASIS, JANUARY, move_run
from tests.factories.subsidy_money import give_account, make_budget, send_batch

NOON = time(12)
IN_BED = {"days_in_bed": 31, "days_of_month": 31, "ability_level": "severe", "stars": 3}


class Plants:
    """Whoever is planted, and what the records say of them."""

    def __init__(self, session):
        self.session = session
        self.site = make_site(session)
        self.month = JANUARY
        self.approver = None
        self.changes = {}  # of the policy
        self.then = None  # what is done with the run once it is reckoned

    def put(self, row):
        self.session.add(row)
        self.session.flush()
        return row

    def resident(self, **given):
        return make_resident(self.session, **given)

    def line(self, resident, *, wrong=False, site=None, **facts):
        return {
            "resident_id": resident.id, "site_id": (site or self.site).id, "wrong": wrong,
            "facts": IN_BED | facts,
        }  # fmt: skip

    def of_caregiver(self, caregiver, *, wrong=False, **facts):
        return {
            "caregiver_id": caregiver.id, "site_id": caregiver.keeper_site_id, "wrong": wrong,
            "facts": {"attendance_days": 22, "skill_level": 0} | facts,
        }  # fmt: skip

    # -- what the records say

    def died(self, resident, on):
        self.put(
            Departure(
                resident_id=resident.id, kind="died", happened_on=on, source="staff",
                reported_at=clock.now(), effects=[],
            )
        )  # fmt: skip

    def lay(self, resident, first, until, *, bed=None, state=BedState.OCCUPIED,
            kind=BedKind.INSTITUTION):  # fmt: skip
        """In a bed from a day until the day before another."""
        bed = bed or make_beds(self.session, 1, site=self.site, kind=kind)[0]
        stay = self.put(
            Stay(
                resident_id=resident.id, site_id=bed.site_id, kind=kind,
                status=StayStatus.ENDED, planned_on=first, hold_until=first + timedelta(days=3),
                admitted_on=first, ended_on=until, end_reason="went_home",
            )
        )  # fmt: skip
        at = datetime.combine(until, NOON, clock.CITY)
        self.put(
            BedOccupancy(
                bed_id=bed.id, site_id=bed.site_id, kind=kind, state=state, stay_id=stay.id,
                resident_id=resident.id, starts_on=first, ends_on=until, reason="",
                recorded_at=at, end_recorded_at=at,
            )
        )  # fmt: skip

    def filed(self, site, occupied, *, on=JANUARY, usable=50):
        self.put(
            BedReturn(
                site_id=site.id, kind=BedKind.INSTITUTION, day=on, licensed=usable, usable=usable,
                occupied=occupied, on_leave=0, source=ReturnSource.CONSOLE, filed_at=clock.now(),
            )
        )  # fmt: skip

    def assessed(self, resident, level="severe", *, since=date(2025, 6, 1), until=None, by=None):
        by = by or self._assessor()
        at = datetime.combine(since, NOON, clock.CITY)
        return self.put(
            Assessment(
                resident_id=resident.id, scale_version="gb-t-42195-2022", reason="first",
                assessed_on=since, assessor_id=by.id, status="confirmed", self_care=0, movement=0,
                mind=0, senses=0, total=0, initial_level=level, final_level=level,
                submitted_at=at, reviewed_by=self._assessor().id, reviewed_at=at,
                starts_on=since, ends_on=until or since + timedelta(days=365),
            )
        )  # fmt: skip

    def _assessor(self):
        return make_staff(self.session, "county_officer", division_code="140502")

    def month_of_service(self, site, minutes):
        """The closed month of a provider: residents with their minutes."""
        zeros = dict.fromkeys(("visits", "confirmed", "doubted", "rated", "satisfied"), 0)
        self.put(HomeMonth(site_id=site.id, month=JANUARY, beds=len(minutes), met=0,
                           minutes=0, digest=b"\0" * 32, **zeros))  # fmt: skip
        for resident, number in minutes:
            bed = make_home_bed(self.session, resident, site)
            self.put(HomeMonthBed(site_id=site.id, month=JANUARY, home_bed_id=bed.id,
                                  resident_id=resident.id, minutes=number, life_minutes=0,
                                  nursing_visits=0, unproved=0, reasons=[], **zeros))  # fmt: skip

    def agreed(self, resident, site, signed_by):
        bed = make_home_bed(self.session, resident, site)
        self.put(
            HomeBedAgreement(
                home_bed_id=bed.id, resident_id=resident.id, site_id=site.id,
                starts_on=date(2025, 1, 1), ends_on=date(2027, 1, 1), monthly_fee_fen=0,
                own_pay_fen=0, signed_by=signed_by, signed_on=date(2025, 1, 1),
            )
        )  # fmt: skip

    def built(self, resident, invoice):
        bed = make_home_bed(self.session, resident, self.site)
        self.put(
            HomeBedBuild(
                home_bed_id=bed.id, resident_id=resident.id, cost_fen=300000, invoice_ref=invoice,
                installed_on=JANUARY, inventory="呼叫器", recorded_at=clock.now(),
            )
        )  # fmt: skip

    def renovated(self, resident, *, grant_fen=400000, **given):
        key = f"home {resident.id}"
        values = {
            "state": "settled", "since": JANUARY, "requested_by": "staff",
            "applied_at": clock.now(), "address": key, "home_key": key, "holds": False,
            "settled_on": date(2025, 12, 1), "held_until": date(2028, 12, 1), "tier": "dibao",
            "cost_fen": grant_fen, "grant_fen": grant_fen, "own_pay_fen": 0,
        } | given  # fmt: skip
        self.put(Renovation(resident_id=resident.id, site_id=self.site.id, **values))

    def pays_into(self, resident, account):
        self.put(
            PayeeAccount(
                resident_id=resident.id, bank="农信社", account_cipher=b"x",
                account_digest=keyring().digest(account, ACCOUNT_FIELD),
                last_four=account[-4:], holder_name="李", starts_on=date(2020, 1, 1),
            )
        )  # fmt: skip

    def at_work(self, *, payer=InsurancePayer.EMPLOYER, days=22, **given):
        caregiver = make_caregiver(self.session, self.site, **given)
        employment = make_employment(self.session, caregiver)
        make_contract(self.session, employment, insurance_payer=payer)
        make_attendance(self.session, employment, JANUARY, days)
        return caregiver


def after_death(plants):
    early, late, alive, last = (plants.resident() for _ in range(4))
    plants.died(early, date(2025, 12, 20))
    plants.died(late, date(2026, 1, 10))
    plants.died(last, date(2026, 1, 10))
    return "bed_months", [
        plants.line(early, wrong=True),
        plants.line(late, wrong=True),
        plants.line(last, days_in_bed=10),
        plants.line(alive),
    ]


def days_over_beds(plants):
    full, honest = make_site(plants.session), make_site(plants.session)
    plants.filed(full, 1)
    plants.filed(honest, 2)
    return "bed_months", [
        *(plants.line(plants.resident(), site=full, wrong=True) for _ in range(2)),
        *(plants.line(plants.resident(), site=honest) for _ in range(2)),
    ]


def days_not_in_ledger(plants):
    gone, there, left = (plants.resident() for _ in range(3))
    plants.lay(gone, JANUARY, date(2026, 1, 12))
    plants.lay(there, date(2025, 3, 1), date(2026, 5, 1))
    plants.lay(left, JANUARY, date(2026, 1, 21))
    return "bed_months", [
        plants.line(gone, wrong=True),
        plants.line(there),
        plants.line(left, days_in_bed=20),
        plants.line(plants.resident(), wrong=True),
    ]


def minutes_not_proved(plants):
    site = make_provider(plants.session)
    padded, honest = plants.resident(), plants.resident()
    plants.month_of_service(site, [(padded, 900), (honest, 1800)])
    return "home_bed_months", [
        plants.line(padded, site=site, minutes=1800, wrong=True),
        plants.line(honest, site=site, minutes=1800),
    ]


def lived_in_a_home(plants):
    inside, part = plants.resident(), plants.resident()
    plants.lay(inside, date(2025, 3, 1), date(2026, 5, 1))
    plants.lay(part, JANUARY, date(2026, 1, 15))
    return "home_bed_months", [
        plants.line(inside, minutes=1800, wrong=True),
        plants.line(part, minutes=1800),
    ]


def days_in_hospital(plants):
    ill, short = plants.resident(), plants.resident()
    plants.lay(ill, date(2026, 1, 5), date(2026, 1, 25), state=BedState.IN_HOSPITAL)
    plants.lay(short, date(2026, 1, 5), date(2026, 1, 12), state=BedState.IN_HOSPITAL)
    return "bed_months", [plants.line(ill, wrong=True), plants.line(short)]


def level_differs(plants):
    better, same = plants.resident(), plants.resident()
    plants.assessed(better, "moderate")
    plants.assessed(same)
    return "bed_months", [plants.line(better, wrong=True), plants.line(same)]


def level_expired(plants):
    expired, valid, intact = (plants.resident() for _ in range(3))
    plants.assessed(expired, until=date(2026, 1, 20))
    plants.assessed(valid)
    return "bed_months", [
        plants.line(expired, wrong=True),
        plants.line(valid),
        plants.line(intact, ability_level="intact"),
    ]


def level_rose(plants):
    jumped, slow, old = (plants.resident() for _ in range(3))
    ended = date(2025, 12, 20)
    for one, before in ((jumped, "mild"), (slow, "moderate")):
        plants.assessed(one, before, until=ended)
        plants.assessed(one, since=ended)
    plants.assessed(old, "mild", until=date(2025, 8, 1))
    plants.assessed(old, since=date(2025, 8, 1))
    return "bed_months", [plants.line(jumped, wrong=True), plants.line(slow), plants.line(old)]


def assessor_hurried(plants):
    hasty, careful = plants._assessor(), plants._assessor()
    lines = []
    for number in range(25):
        one = plants.resident()
        plants.assessed(one, by=hasty if number < 13 else careful)
        lines.append(plants.line(one, wrong=number < 13))
    return "bed_months", lines


def heads_differ(plants):
    padded, honest = make_site(plants.session), make_site(plants.session)
    lines = []
    for site, wrong in ((padded, True), (honest, False)):
        beds = make_beds(plants.session, 3, site=site)
        for number, bed in enumerate(beds):
            one = plants.resident()
            if number == 0 or not wrong:
                plants.lay(one, date(2025, 3, 1), date(2026, 5, 1), bed=bed)
            lines.append(plants.line(one, site=site, wrong=wrong))
        plants.filed(site, 3, on=date(2026, 1, 31))
    return "bed_months", lines


def one_signer(plants):
    site, lines = make_provider(plants.session), []
    for signer, number, wrong in (("王站长", 4, True), ("李家女儿", 3, False)):
        for _ in range(number):
            one = plants.resident()
            plants.agreed(one, site, signer)
            lines.append(plants.line(one, site=site, minutes=1800, wrong=wrong))
    return "home_bed_months", lines


def invoice_twice(plants):
    one, other, honest = (plants.resident() for _ in range(3))
    plants.built(one, "INV-1001")
    plants.renovated(other, invoice_ref="INV-1001")
    plants.built(honest, "INV-1002")
    return "home_bed_builds", [
        plants.line(one, is_after_renovation=False, wrong=True),
        plants.line(honest, is_after_renovation=False),
    ]


def built_twice(plants):
    twice, said, none = (plants.resident() for _ in range(3))
    plants.renovated(twice)
    plants.renovated(said)
    plants.renovated(none, grant_fen=0)
    return "home_bed_builds", [
        plants.line(twice, is_after_renovation=False, wrong=True),
        plants.line(said, is_after_renovation=True),
        plants.line(none, is_after_renovation=False),
    ]


def meals_unpaid(plants):
    kitchen = Kitchen(plants.session)
    plants.month = kitchen.month
    never, paid = plants.resident(), plants.resident()
    for number in range(4):
        on = kitchen.day(number)
        at = datetime.combine(on, NOON, clock.CITY)
        kitchen.eaten(never, on=on)
        kitchen.eaten(paid, on=on, paid_how="cash", paid_at=at, paid_to=kitchen.cook.id)
    site = kitchen.canteen
    return "meals_eaten", [
        {"resident_id": one.id, "site_id": site.site_id, "wrong": wrong,
         "facts": {"age": 80, "hardship_tier": "none", "meals": 4}}
        for one, wrong in ((never, True), (paid, False))
    ]  # fmt: skip


def standing_differs(plants):
    young, ended, dibao, away = (plants.resident(born_on=date(1946, 1, 28)) for _ in range(4))
    for one, until in ((ended, date(2026, 1, 20)), (dibao, None)):
        make_hardship(plants.session, one, ends_on=until)
    for one, where in ((dibao, {"division_code": VILLAGE}), (away, {"place": "河南省安阳市"})):
        plants.put(Hukou(resident_id=one.id, kind="unified", starts_on=date(2000, 1, 1), **where))
    return "bed_months", [
        plants.line(young, age=81, wrong=True),
        plants.line(ended, age=80, hardship_tier="dibao", wrong=True),
        plants.line(away, age=80, is_local=True, wrong=True),
        plants.line(dibao, age=80, hardship_tier="dibao", is_local=True),
    ]


def caregiver_uninsured(plants):
    return "post_months", [
        plants.of_caregiver(plants.at_work(payer=InsurancePayer.NOBODY), wrong=True),
        plants.of_caregiver(plants.at_work(payer=InsurancePayer.DISPATCHER)),
        plants.of_caregiver(plants.at_work()),
    ]


def two_employers(plants):
    twice, part = plants.at_work(), plants.at_work()
    other = make_site(plants.session)
    make_employment(plants.session, twice, other, overlap_allowed=True)
    make_employment(plants.session, part, other, is_full_time=False)
    return "post_months", [plants.of_caregiver(twice, wrong=True), plants.of_caregiver(part)]


def attendance_short(plants):
    return "post_months", [
        plants.of_caregiver(plants.at_work(days=12), wrong=True),
        plants.of_caregiver(plants.at_work(days=22)),
    ]


def certificate_lacking(plants):
    none, expired, other, honest = (plants.at_work() for _ in range(4))
    make_certificate(plants.session, expired, level=3, valid_until=date(2026, 1, 10))
    make_certificate(plants.session, other, level=5)
    make_certificate(plants.session, honest, level=3, valid_until=date(2026, 1, 10))
    make_certificate(plants.session, honest, level=3)
    return "post_months", [
        *(plants.of_caregiver(one, skill_level=3, wrong=True) for one in (none, expired, other)),
        plants.of_caregiver(honest, skill_level=3),
        plants.of_caregiver(plants.at_work()),
    ]


def reward_unentitled(plants):
    unrecognised, staffed, honest, office = (
        make_caregiver(plants.session, plants.site) for _ in range(4)
    )
    for one in (staffed, honest, office):
        make_degree(plants.session, one, Degree.BACHELOR)
    make_degree(plants.session, unrecognised, Degree.BACHELOR, recognised_on=None)
    make_employment(plants.session, unrecognised)
    make_employment(plants.session, staffed, on_establishment=True)
    make_employment(plants.session, honest)
    make_employment(plants.session, office, is_front_line=False)
    facts = {"degree": "bachelor", "hired_on": "2023-07-15"}
    return "entry_rewards", [
        *(plants.of_caregiver(one, wrong=True, **facts) for one in (unrecognised, staffed, office)),
        plants.of_caregiver(honest, **facts),
    ]


def account_shared(plants):
    people = [plants.resident() for _ in range(5)]
    for one in people[:3]:
        plants.pays_into(one, "6228480000000000018")
    for one in people[3:]:
        plants.pays_into(one, "6228480000000000026")
    return "own_account", [plants.line(one, wrong=number < 3) for number, one in enumerate(people)]


def account_of_staff(plants):
    account = "6228480000000000034"
    make_caregiver(
        plants.session, plants.site,
        payee_cipher=keyring().encrypt(account, PAYEE_FIELD),
        payee_digest=keyring().digest(account, PAYEE_FIELD),
    )  # fmt: skip
    robbed, own = plants.resident(), plants.resident()
    plants.pays_into(robbed, account)
    plants.pays_into(own, "6228480000000000042")
    return "own_account", [plants.line(robbed, wrong=True), plants.line(own)]


def close_to_operator(plants):
    near = make_site(plants.session)
    plants.approver = make_staff(plants.session, "approver", division_code="1405")
    at_home = make_caregiver(plants.session, near, staff_id=plants.approver.id)
    make_employment(plants.session, at_home)
    return "bed_months", [
        plants.line(plants.resident(), site=near, wrong=True),
        plants.line(plants.resident()),
    ]


def assessor_approved(plants):
    judged, other = plants.resident(), plants.resident()
    plants.approver = plants._assessor()
    plants.assessed(judged, by=plants.approver)
    plants.assessed(other)
    return "bed_months", [plants.line(judged, wrong=True), plants.line(other)]


def meals_underpaid(plants):
    kitchen = Kitchen(plants.session)
    plants.month = kitchen.month
    cheap, fair, once = plants.resident(), plants.resident(), plants.resident()
    for number in range(4):
        on = kitchen.day(number)
        kitchen.eaten(cheap, on=on, subsidy=800)
        kitchen.eaten(fair, on=on, subsidy=600, charity_fen=300, own_pay_fen=300)
    kitchen.eaten(once, on=kitchen.day(5), subsidy=800)
    return "meals_eaten", [
        {"resident_id": one.id, "site_id": kitchen.canteen.site_id, "wrong": one is cheap,
         "facts": {"age": 80, "hardship_tier": "none", "meals": 4}}
        for one in (cheap, fair, once)
    ]  # fmt: skip


def paid_in_notice(plants):
    plants.changes = {"notice": {"days": 7, "counted": "civil_days", "shows": "amounts", **BASIS}}
    early, waiting = make_site(plants.session), make_site(plants.session)
    give_account(plants.session, early)

    def pay(run):
        today = clock.today()
        plants.put(
            SubsidyNotice(
                run_id=run.id, code=f"notice-{run.id}", starts_on=today - timedelta(days=9),
                ends_on=today - timedelta(days=3), days=7, shows_amounts=True,
                published_at=clock.now() - timedelta(days=9),
                ended_at=clock.now() + timedelta(days=1),
            )
        )  # fmt: skip
        move_run(plants.session, run, RunStage.PAYABLE)
        send_batch(plants.session, make_budget(plants.session), run)

    plants.then = pay
    return "bed_months", [
        plants.line(plants.resident(), site=early, wrong=True),
        plants.line(plants.resident(), site=waiting),
    ]


def over_budget(plants):
    def approve(run):
        make_budget(plants.session, 59_999)
        move_run(plants.session, run, RunStage.PAYABLE)

    plants.then = approve
    return "bed_months", [
        plants.line(plants.resident()),
        plants.line(plants.resident(), wrong=True),
    ]


def vendor_related(plants):
    near, far = make_site(plants.session), make_site(plants.session)
    for number, site in enumerate((near, far)):
        give_account(plants.session, site, f"622848000000000002{number}")
    cashier = make_staff(plants.session, "cashier", division_code="1405")
    make_employment(plants.session, make_caregiver(plants.session, near, staff_id=cashier.id))

    def pay(run):
        move_run(plants.session, run, RunStage.PAYABLE)
        batch = send_batch(plants.session, make_budget(plants.session), run)
        batch.sent_by = cashier.id
        plants.session.flush()

    plants.then = pay
    return "bed_months", [
        plants.line(plants.resident(), site=near, wrong=True),
        plants.line(plants.resident(), site=far),
    ]


PLANTS = (
    after_death, days_over_beds, days_not_in_ledger, minutes_not_proved, lived_in_a_home,
    days_in_hospital, level_differs, level_expired, level_rose, assessor_hurried, heads_differ,
    one_signer, invoice_twice, built_twice, meals_unpaid, standing_differs, caregiver_uninsured,
    two_employers, attendance_short, certificate_lacking, reward_unentitled, account_shared,
    account_of_staff, close_to_operator, assessor_approved,
    meals_underpaid, paid_in_notice, over_budget, vendor_related,
)  # fmt: skip
