"""A pair, a worker who proposes and a county officer who confirms."""

import pytest

from server.identity.models import Role
from server.residents.merging import service
from tests.cities import VILLAGE
from tests.factories.assessments import Office
from tests.factories.twins import Twins


@pytest.fixture
def twins(session):
    twins = Twins(session)
    session.commit()
    return twins


@pytest.fixture
def worker(session):
    office = Office(session, Role.COMMUNITY_WORKER, VILLAGE)
    session.commit()
    return office


@pytest.fixture
def county(session):
    office = Office(session, Role.COUNTY_OFFICER, "140502")
    session.commit()
    return office


@pytest.fixture
def propose(twins, worker):
    """The worker proposes to keep the first of the two, or whoever is said."""

    def propose(*, office=worker, kept=None, taken=(), pair_id=None):
        with office.at_work() as session:
            return service.propose_merge(
                session,
                pair_id or twins.pair_id,
                kept_id=kept or twins.one.id,
                taken=taken,
                reason="同一张照片，同一个女儿",
            ).id

    return propose


@pytest.fixture
def confirm(county):
    def confirm(merge_id, *, office=county):
        with office.at_work() as session:
            return service.confirm_merge(session, merge_id)

    return confirm


@pytest.fixture
def undo(county):
    def undo(merge_id, *, reason="弄错了，是两位老人"):
        with county.at_work() as session:
            service.undo_merge(session, merge_id, reason=reason)

    return undo
