"""What the database refuses of beds at home and visits, whoever writes them."""

from datetime import time

import pytest
from sqlalchemy.exc import IntegrityError

from server.homecare.models import HomeBedState
from tests.factories.homecare import (
    make_home_bed,
    make_proof,
    make_provider,
    make_visit,
    make_worker,
)
from tests.factories.people import make_resident


@pytest.fixture
def site(session):
    return make_provider(session)


@pytest.fixture
def bed(session, site):
    return make_home_bed(session, make_resident(session), site)


def test_a_person_asks_for_one_bed_at_a_time(session, bed):
    with pytest.raises(IntegrityError, match="uq_home_bed_one_open"):
        make_home_bed(
            session, bed, state=HomeBedState.APPLIED, resident_id=bed.resident_id, site_id=None
        )


def test_a_worker_is_at_one_visit_at_once(session, site, bed):
    worker = make_worker(session, bed)
    other = make_home_bed(session, make_resident(session), site)
    make_visit(session, bed, worker, at=time(9))
    make_visit(session, bed, worker, at=time(10))

    with pytest.raises(IntegrityError, match="ex_care_visit_one_worker_at_once"):
        make_visit(session, other, worker, at=time(9, 59))


def test_two_workers_are_not_at_one_home_at_once(session, bed):
    make_visit(session, bed, make_worker(session, bed), at=time(9))

    with pytest.raises(IntegrityError, match="ex_care_visit_one_visit_at_once"):
        make_visit(session, bed, make_worker(session, bed), at=time(9, 30))


def test_one_proof_of_a_visit_counts(session, bed):
    visit = make_visit(session, bed, make_worker(session, bed))
    make_proof(session, visit)

    with pytest.raises(IntegrityError, match="uq_visit_proof_one_that_counts"):
        make_proof(session, visit, arrival_key="again", leaving_key="again")
