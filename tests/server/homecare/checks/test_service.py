"""What the checks find is put down once, with its evidence and the figures it was judged by."""

from datetime import timedelta

from sqlalchemy import select, text

from server import clock
from server.findings.models import Finding, FindingKind
from server.homecare.checks.checks import BY_KIND, CHECKS
from server.homecare.checks.service import check_days, check_lately
from server.policies.models import Parameter
from server.providers.positions import metres_between
from tests.factories.homecare import HERE


def findings(session):
    return list(session.execute(select(Finding).order_by(Finding.id)).scalars())


def test_a_night_twice_finds_a_thing_once(session, street):
    visit = street.proved(minutes=30)
    backfilled = 1

    assert check_lately(session) == 1 + backfilled
    assert check_lately(session) == 0

    [short, _] = findings(session)
    assert (short.kind, short.subject) == (FindingKind.HOME_VISIT_TOO_SHORT, f"visit:{visit.id}")
    assert short.resident_id == visit.resident_id
    assert short.evidence == {
        "visits": [visit.id],
        "site_id": visit.site_id,
        "worker_id": visit.worker_id,
        "day": street.day.isoformat(),
        "ordered": 60,
        "made": 30,
        "figures": {"least_share_percent": 80},
    }


def test_what_was_withdrawn_is_opened_again(session, street):
    street.proved(minutes=30)
    check_lately(session)
    session.execute(text("UPDATE finding SET state = 'withdrawn'"))

    assert check_lately(session) == 2


def test_the_city_s_own_figure_counts(session, street):
    street.proved(minutes=30)
    one = select(Parameter).where(Parameter.key == "home_checks.least_share_percent")
    session.execute(one).scalar_one().value = 50
    session.flush()

    found = check_days(session, street.day, until=clock.today())

    assert found[FindingKind.HOME_VISIT_TOO_SHORT] == 0


def test_a_cancelled_visit_and_a_corrected_proof_are_not_judged(session, street):
    visit = street.proved(minutes=30)
    visit.state, visit.cancel_reason = "cancelled", "住院"
    corrected = street.proved(street.other, minutes=30)
    session.flush()
    session.execute(
        text("UPDATE visit_proof SET superseded_at = :now WHERE visit_id = :id"),
        {"now": clock.now(), "id": corrected.id},
    )

    found = check_days(session, street.day, until=clock.today())

    assert found[FindingKind.HOME_VISIT_TOO_SHORT] == 0


def test_days_before_and_after_are_not_asked_about(session, street):
    street.proved(minutes=30)

    before = check_days(
        session, street.day - timedelta(days=9), until=street.day - timedelta(days=1)
    )

    assert before[FindingKind.HOME_VISIT_TOO_SHORT] == 0


def test_every_kind_of_home_finding_has_one_check():
    # One is told on the phone, the other asked of the devices hour by hour.
    found_elsewhere = {FindingKind.HOME_CALL_CONTRADICTS, FindingKind.HOME_DEVICE_SILENT}
    of_homes = {kind for kind in FindingKind if kind.startswith("home_")} - found_elsewhere

    assert set(BY_KIND) == of_homes
    assert len(CHECKS) == len(of_homes)


def test_a_check_can_be_read_as_it_runs():
    query = BY_KIND[FindingKind.HOME_TRAVEL_TOO_FAST].query

    assert query.startswith("-- From the door of one home")
    assert "WITH proved AS (" in query


def test_the_way_between_two_places_is_the_registers_own(session):
    there = (HERE[0] + 0.01, HERE[1] + 0.02)
    asked = text("SELECT metres_between(:a, :b, :c, :d)")
    places = dict(zip("abcd", (*HERE, *there), strict=True))

    assert round(session.execute(asked, places).scalar_one()) == metres_between(HERE, there)
