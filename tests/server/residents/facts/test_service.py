"""Facts are noted, put right and ended; one of a kind on any day, whoever asks at once."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.errors import NotFound
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure
from server.residents.errors import PeriodImpossible, ResidentGone
from server.residents.facts import service
from server.residents.facts.errors import CertificateOfAnother, FactOverlaps, HukouNowhere
from server.residents.facts.models import (
    CareInsurance,
    CareScheme,
    DisabilityCategory,
    DisabilityCertificate,
    GuardianBasis,
    Guardianship,
    Hukou,
    HukouKind,
    Incapacity,
    PayeeAccount,
)
from server.residents.facts.queries import get_fact, list_facts, read_facts_of, read_facts_on
from server.residents.models import Relation
from tests.cities import VILLAGE
from tests.factories.people import an_id_number
from tests.server.residents.facts.conftest import PLATFORM

ACCOUNT = "6228480402564890018"
JANUARY, MAY, JULY = date(2026, 1, 1), date(2026, 5, 1), date(2026, 7, 1)
HUKOU = {"kind": HukouKind.UNIFIED, "division_code": VILLAGE, "place": None}
PAYEE = {"bank": "农商行东街支行", "account": ACCOUNT, "holder_name": "李秀英", "relation": None}
GUARDIAN = {
    "incapacity": Incapacity.LIMITED,
    "basis": GuardianBasis.APPOINTED,
    "guardian_name": "王丽",
    "relation": Relation.CHILD,
    "phone": "139 0000 1234",
}
INSURANCE = {"scheme": CareScheme.EMPLOYEE, "level": 3}
CERTIFICATE = {"number": None, "category": DisabilityCategory.VISION, "grade": 2}
KINDS = [
    (Hukou, HUKOU),
    (PayeeAccount, PAYEE),
    (Guardianship, GUARDIAN),
    (CareInsurance, INSURANCE),
    (DisabilityCertificate, CERTIFICATE),
]


def note(village, model, values, *, starts_on=JANUARY, ends_on=None, office=None, resident=None):
    with (office or village.office).at_work() as session:
        given = {**values, "starts_on": starts_on, "ends_on": ends_on}
        return service.note_fact(session, resident or village.mother, model, given).id


def correct(village, model, fact_id, values, *, starts_on=JANUARY, ends_on=None):
    with village.office.at_work() as session:
        given = {**values, "starts_on": starts_on, "ends_on": ends_on}
        service.correct_fact(session, village.mother, model, fact_id, given)


def noted(village, model):
    with village.office.at_work(writes=False) as session:
        return list_facts(session, model, village.mother)


@pytest.mark.parametrize(("model", "values"), KINDS, ids=lambda one: getattr(one, "__name__", ""))
def test_of_each_kind_one_holds_on_any_day(village, model, values):
    first = note(village, model, values)
    with pytest.raises(FactOverlaps):
        note(village, model, values, starts_on=MAY)

    with village.office.at_work() as session:
        service.end_fact(session, village.mother, model, first, ends_on=MAY)
    note(village, model, values, starts_on=MAY)

    assert [one.starts_on for one in noted(village, model)] == [MAY, JANUARY]


@pytest.mark.parametrize(("model", "values"), KINDS, ids=lambda one: getattr(one, "__name__", ""))
def test_of_two_windows_at_once_one_is_refused(village, model, values):
    def try_it():
        try:
            return note(village, model, values)
        except FactOverlaps:
            return None

    with ThreadPoolExecutor(4) as crew:
        tasks = [crew.submit(copy_context().run, try_it) for _ in range(4)]
        kept = [task.result() for task in tasks]

    assert sum(one is not None for one in kept) == 1


def test_an_account_is_sealed_and_its_last_digits_are_known(village):
    account_id = note(village, PayeeAccount, PAYEE)

    with acting(PLATFORM), sessions.transaction() as session:
        row = session.execute(text("SELECT payee_account::text FROM payee_account")).scalar_one()
        trail = session.execute(
            text("SELECT body FROM trail_entry WHERE table_name = 'payee_account'")
        ).scalar_one()
    for told in (row, trail):
        assert ACCOUNT not in told
        assert ACCOUNT.encode().hex() not in told
    with village.office.at_work(writes=False) as session:
        kept = get_fact(session, PayeeAccount, village.mother, account_id)
        assert (service.account_number(kept), kept.last_four) == (ACCOUNT, "0018")


def test_a_correction_without_a_number_keeps_the_number(village):
    account_id = note(village, PayeeAccount, PAYEE)

    correct(village, PayeeAccount, account_id, {**PAYEE, "account": None, "bank": "工商银行"})

    [kept] = noted(village, PayeeAccount)
    assert (kept.bank, service.account_number(kept)) == ("工商银行", ACCOUNT)


def test_a_correction_may_not_run_into_the_next_one(village):
    first = note(village, Hukou, HUKOU, ends_on=MAY)
    note(village, Hukou, HUKOU, starts_on=MAY)

    with pytest.raises(FactOverlaps):
        correct(village, Hukou, first, HUKOU, ends_on=JULY)
    assert [one.ends_on for one in noted(village, Hukou)] == [None, MAY]


def test_a_certificate_is_the_person_s_own(village):
    number = {"number": an_id_number(998) + "11", "category": None, "grade": None}

    with pytest.raises(CertificateOfAnother):
        note(village, DisabilityCertificate, number)
    note(village, DisabilityCertificate, number, resident=village.neighbour)


def test_a_hukou_is_here_or_elsewhere(village):
    for wrong in ({"division_code": None}, {"place": "河南省焦作市"}):
        with pytest.raises(HukouNowhere):
            note(village, Hukou, {**HUKOU, **wrong})

    note(village, Hukou, {**HUKOU, "division_code": None, "place": "河南省焦作市"})


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(MAY, JANUARY), (date(1899, 12, 31), None), (date(2170, 1, 1), None), (MAY, date.max)],
)
def test_impossible_days_are_refused(village, starts_on, ends_on):
    with pytest.raises(PeriodImpossible):
        note(village, Hukou, HUKOU, starts_on=starts_on, ends_on=ends_on)


def test_another_county_knows_of_nothing(village):
    fact = note(village, Hukou, HUKOU)

    with pytest.raises(NotFound):
        note(village, CareInsurance, INSURANCE, office=village.elsewhere)
    with village.elsewhere.at_work() as session:
        assert list_facts(session, Hukou, village.mother) == []
        with pytest.raises(NotFound):
            service.end_fact(session, village.mother, Hukou, fact, ends_on=MAY)


def test_a_fact_is_never_moved_to_somebody_else(village):
    note(village, Hukou, HUKOU)

    with (
        pytest.raises(DBAPIError, match="permission denied"),
        village.office.at_work() as session,
    ):
        session.execute(text("UPDATE hukou SET resident_id = :other"), {"other": village.neighbour})


@pytest.mark.parametrize("kind", list(DepartureKind))
def test_nothing_is_noted_of_somebody_who_is_gone(village, kind):
    with village.office.at_work() as session:
        report_departure(session, resident_id=village.mother, kind=kind, happened_on=clock.today())

    with pytest.raises(ResidentGone):
        note(village, Hukou, HUKOU)


def test_what_held_on_a_day_is_read_in_one_statement(village):
    note(village, Hukou, {**HUKOU, "division_code": None, "place": "河南省焦作市"}, ends_on=MAY)
    note(village, Hukou, HUKOU, starts_on=MAY)
    note(village, DisabilityCertificate, CERTIFICATE, starts_on=MAY, ends_on=JULY)
    note(village, CareInsurance, {**INSURANCE, "level": None}, starts_on=JULY)
    guardian = note(village, Guardianship, GUARDIAN)
    payee = note(village, PayeeAccount, {**PAYEE, "relation": Relation.CHILD}, starts_on=MAY)

    with village.office.at_work(writes=False) as session:
        before, then, after = (
            read_facts_on(session, village.mother, day)
            for day in (MAY - timedelta(days=1), MAY, JULY)
        )

    assert (before.hukou_place, before.hukou_division) == ("河南省焦作市", None)
    assert before.has_hukou_within("1405") is False
    assert (before.disability_grade, before.payee_account_id) == (None, None)
    assert (then.hukou_division, then.hukou_place) == (VILLAGE, None)
    assert (then.has_hukou_within("1405"), then.has_hukou_within("140521")) == (True, False)
    assert (then.disability_category, then.disability_grade) == (DisabilityCategory.VISION, 2)
    assert (then.payee_account_id, then.payee_relation) == (payee, Relation.CHILD)
    assert (then.guardianship_id, then.incapacity) == (guardian, Incapacity.LIMITED)
    assert (after.disability_grade, after.insurance_scheme) == (None, CareScheme.EMPLOYEE)
    assert (after.insurance_level, after.is_gone) == (None, False)


def test_many_are_read_at_once_and_strangers_are_left_out(village):
    note(village, Hukou, HUKOU)
    both = [village.mother, village.neighbour]

    with village.office.at_work(writes=False) as session:
        found = read_facts_of(session, both, MAY)
    with village.elsewhere.at_work(writes=False) as session:
        strangers = read_facts_of(session, both, MAY)
        with pytest.raises(NotFound):
            read_facts_on(session, village.mother, MAY)

    assert set(found) == set(both)
    assert found[village.neighbour].has_hukou_within("1405") is None
    assert strangers == {}


def test_who_died_before_the_day_is_gone_on_it(village):
    today = clock.today()
    with village.office.at_work() as session:
        report_departure(
            session, resident_id=village.mother, kind=DepartureKind.DIED, happened_on=today
        )
        days = [read_facts_on(session, village.mother, today + timedelta(days=n)) for n in (0, 1)]

    assert [one.is_gone for one in days] == [False, True]


def test_plain_sql_of_a_helper_sees_the_resident_and_no_fact(village):
    note(village, PayeeAccount, PAYEE)

    with (
        acting(Act(Face.PHONE, "tests", "test", token=village.daughter)),
        sessions.transaction(writes=False) as session,
    ):
        assert session.execute(text("SELECT id FROM resident")).scalars().all() == [village.mother]
        assert session.execute(text("SELECT count(*) FROM payee_account")).scalar_one() == 0
