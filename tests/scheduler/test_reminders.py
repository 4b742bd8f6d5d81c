"""The jobs that remind: each says what is due once, and nothing the second time."""

from datetime import date, datetime, time, timedelta
from threading import Event

import pytest
from sqlalchemy import text

from scheduler import reminders
from scheduler.runs import Entry, run_slot
from scheduler.timetable import at
from server import clock
from server.caregivers.reminders.asking import remind_caregivers
from server.db.sessions import transaction
from server.identity.models import Role
from server.providers.models import PaperKind, SitePaper
from server.residents.assessments.models import AbilityLevel
from server.timetable.service import note_run
from tests.cities import CITY
from tests.factories.assessments import give_level
from tests.factories.caregivers import make_caregiver, make_certificate, make_employment
from tests.factories.homecare import make_home_bed, make_provider, make_visit
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_resident, make_staff

# Monday 2 March 2026, a plain working day, at noon.
DAY = date(2026, 3, 2)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def on_the_day():
    shift = clock.SHIFT
    clock.move_to(datetime.combine(DAY, time(12), clock.CITY))
    yield
    clock.SHIFT = shift


@pytest.fixture
def run(session):
    """Run the job twice for slots of the day; return its messages by kind."""

    def run(work, *, hour=7):
        session.commit()
        for minute in (0, 1):
            slot = datetime.combine(DAY, time(hour, minute), clock.CITY)
            run_slot(Entry(work.__name__, at(hour=0), "Tests.", work), slot, CITY, Event())
        with transaction(writes=False) as reading:
            errors = reading.execute(text("SELECT error FROM job_run")).scalars().all()
            assert errors == [None, None]
            query = text("SELECT kind FROM message ORDER BY kind, id")
            return reading.execute(query).scalars().all()

    return run


def with_phone(session, role, **scope):
    staff = make_staff(session, role, **scope)
    staff.phone = f"+86137{staff.id:08d}"
    session.flush()
    return staff


def test_caregivers_are_reminded_and_their_sites_and_counties_told(run, session):
    home = make_site(session)
    with_phone(session, Role.FACILITY_OPERATOR, site_id=home.id)
    with_phone(session, Role.COUNTY_OFFICER, division_code="140502")
    caregiver = make_caregiver(session, home)
    make_employment(session, caregiver, starts_on=date(2022, 1, 10))
    make_certificate(session, caregiver, valid_until=DAY + 30 * A_DAY)

    assert run(reminders.remind) == [
        "reminders.certificate",
        "reminders.county_list",
        "reminders.site_digest",
    ]


@pytest.fixture
def ends_in_30(session):
    """Caregivers, each of whose certificates ends in thirty days."""
    home = make_site(session)
    with_phone(session, Role.FACILITY_OPERATOR, site_id=home.id)
    caregivers = [make_caregiver(session, home) for _ in range(3)]
    for caregiver in caregivers:
        make_employment(session, caregiver, starts_on=date(2022, 1, 10))
        make_certificate(session, caregiver, valid_until=DAY + 30 * A_DAY)
    session.commit()
    return caregivers


def run_on(day):
    """Run the job at eight in the morning of the day; return whom it had reminded by then."""
    clock.move_to(datetime.combine(day, time(8), clock.CITY))
    entry = Entry("remind", at(hour=7), "Tests.", reminders.remind)
    run_slot(entry, datetime.combine(day, time(7), clock.CITY), CITY, Event())
    with transaction(writes=False) as reading:
        query = text("SELECT caregiver_id FROM reminder WHERE caregiver_id IS NOT NULL")
        return set(reading.execute(query).scalars())


def told_offices():
    with transaction(writes=False) as reading:
        query = text("SELECT subject FROM reminder WHERE kind = 'site_digest' ORDER BY subject")
        return reading.execute(query).scalars().all()


def errors():
    with transaction(writes=False) as reading:
        return reading.execute(text("SELECT error FROM job_run ORDER BY slot")).scalars().all()


def test_a_day_whose_run_failed_is_made_up_by_the_next(ends_in_30, monkeypatch):
    run_on(DAY - A_DAY)
    with monkeypatch.context() as broken:
        broken.delattr(reminders, "find_due")
        assert run_on(DAY) == set()

    assert run_on(DAY + A_DAY) == {one.id for one in ends_in_30}
    assert told_offices() == [str(DAY)]
    assert errors() == [None, "NameError", None]


def test_one_reminder_that_cannot_be_put_down_keeps_no_other_from_it(
    ends_in_30, monkeypatch, caplog
):
    bad, *good = (one.id for one in ends_in_30)
    # Whatever a process that was wired in another test has made of the logs.
    monkeypatch.setattr(reminders.log, "disabled", False)
    monkeypatch.setattr(reminders.log, "propagate", False)
    monkeypatch.setattr(reminders.log, "handlers", [caplog.handler])

    def breaks_for_one(session, due):
        if bad in {one.caregiver_id for one in due}:
            raise ValueError(f"caregiver {bad}")
        return remind_caregivers(session, due)

    with monkeypatch.context() as broken:
        broken.setattr(reminders, "remind_caregivers", breaks_for_one)
        assert run_on(DAY) == set(good)

    assert told_offices() == [str(DAY)]
    assert run_on(DAY + A_DAY) == {bad, *good}
    assert errors() == ["RemindersLeftOut", None]
    said = [one for one in caplog.records if one.msg == "reminders could not be put down"]
    assert [one.exc_info for one in said] == [None, None]


def test_of_several_days_made_up_only_the_last_rung_is_said(ends_in_30, session, monkeypatch):
    run_on(DAY + 21 * A_DAY)
    with monkeypatch.context() as broken:
        broken.delattr(reminders, "find_due")
        for number in range(22, 30):
            run_on(DAY + number * A_DAY)
    run_on(DAY + 30 * A_DAY)

    with transaction(writes=False) as reading:
        rungs = text("SELECT DISTINCT rung FROM reminder WHERE caregiver_id IS NOT NULL")
        assert len(reading.execute(rungs).scalars().all()) == 1


@pytest.mark.parametrize(("ends_in", "told"), [(60, True), (30, True), (7, True), (12, False)])
def test_papers_of_sites_that_end_are_told_on_their_days(run, session, ends_in, told):
    home = make_site(session)
    with_phone(session, Role.FACILITY_OPERATOR, site_id=home.id)
    with_phone(session, Role.COUNTY_OFFICER, division_code="140502")
    ends_on = DAY + ends_in * A_DAY
    paper = {"site_id": home.id, "kind": PaperKind.FIRE, "starts_on": date(2023, 1, 1)}
    session.add(SitePaper(**paper, ends_on=ends_on))
    session.flush()

    kinds = ["facilities.county_papers", "facilities.papers_ending"] if told else []
    assert run(reminders.remind_of_papers) == kinds


def test_a_paper_that_is_followed_is_past_caring_for(run, session):
    home = make_site(session)
    with_phone(session, Role.FACILITY_OPERATOR, site_id=home.id)
    first, then = DAY + 30 * A_DAY, date(2030, 1, 1)
    for starts_on, ends_on in ((date(2023, 1, 1), first), (first, then)):
        paper = {"site_id": home.id, "kind": PaperKind.FIRE, "number": str(ends_on)}
        session.add(SitePaper(**paper, starts_on=starts_on, ends_on=ends_on))
    session.flush()

    assert run(reminders.remind_of_papers) == []


def test_assessments_that_end_are_told_by_their_number(run, session):
    with_phone(session, Role.COMMUNITY_WORKER, division_code="140502001001")
    with_phone(session, Role.COUNTY_OFFICER, division_code="140521")
    resident = make_resident(session)
    give_level(session, resident, AbilityLevel.SEVERE)
    session.execute(text("UPDATE assessment SET ends_on = :day"), {"day": DAY + 30 * A_DAY})

    assert run(reminders.remind_of_assessments) == ["residents.assessments_ending"]


def test_tomorrows_visits_are_told_to_the_elder_and_the_worker(run, session):
    clock.move_to(datetime.combine(DAY, time(17, 40), clock.CITY))
    site = make_provider(session)
    resident = make_resident(session)
    make_account(session, resident)
    worker = with_phone(session, Role.CARE_WORKER, site_id=site.id)
    bed = make_home_bed(session, resident, site)
    make_visit(session, bed, worker, on=DAY + A_DAY)
    make_visit(session, bed, worker, on=DAY + A_DAY, at=time(14))
    make_visit(session, bed, worker, on=DAY + 2 * A_DAY)

    assert run(reminders.tell_tomorrow, hour=17) == [
        "homecare.visit_tomorrow",
        "homecare.worker_tomorrow",
    ]


def test_at_night_nobody_is_told_of_tomorrow(run, session):
    clock.move_to(datetime.combine(DAY, time(22), clock.CITY))
    site, resident = make_provider(session), make_resident(session)
    worker = with_phone(session, Role.CARE_WORKER, site_id=site.id)
    make_visit(session, make_home_bed(session, resident, site), worker, on=DAY + A_DAY)

    assert run(reminders.tell_tomorrow, hour=17) == []


def test_a_backup_that_is_too_old_or_was_never_made_is_told(run, session):
    with_phone(session, Role.ADMINISTRATOR, division_code="1405")
    assert "timetable.backup_due" in run(reminders.chase_backups)


def test_a_fresh_backup_is_not_told_of(session):
    with_phone(session, Role.ADMINISTRATOR, division_code="1405")
    note_run(session, job="backup", items=7)
    session.commit()
    slot = datetime.combine(DAY, time(9, 30), clock.CITY)
    entry = Entry("chase_backups", at(hour=0), "Tests.", reminders.chase_backups)
    run_slot(entry, slot, CITY, Event())
    with transaction(writes=False) as reading:
        assert reading.execute(text("SELECT count(*) FROM message")).scalar_one() == 0
