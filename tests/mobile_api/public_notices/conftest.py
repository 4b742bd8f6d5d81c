"""A notice of a run that stands, and anybody's browser."""

import pytest
from werkzeug.test import Client

from mobile_api.public_notices.app import create_app
from server.subsidies.models import RunStage
from server.subsidies.notices.publishing import publish_notice
from tests.factories.claims import claimed_programme, in_february
from tests.factories.people import make_resident
from tests.factories.subsidies import make_run, make_version, move_run


class Reader:
    """Somebody who is not signed in, and reads Chinese."""

    def __init__(self, app, session):
        self.client, self.session = Client(app), session

    def get(self, path, language="zh-CN"):
        self.session.commit()
        return self.client.get(path, headers={"Accept-Language": language})

    def object(self, notice, **form):
        self.session.commit()
        path = f"/{notice.code}/objection"
        return self.client.post(path, data=form, headers={"Accept-Language": "zh-CN"})


@pytest.fixture(autouse=True)
def february():
    with in_february(tick=False):
        yield


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture
def reader(app, session):
    return Reader(app, session)


@pytest.fixture
def make_notice(session):
    def make(lines=None, **programme):
        version = make_version(session, claimed_programme(**programme))
        elder = make_resident(session, name="李秀英")
        lines = lines or [{"resident_id": elder.id}, {"outcome": "refused", "amount_fen": 0}, {}]
        run = move_run(session, make_run(session, lines, version=version), RunStage.APPROVED)
        return publish_notice(session, run.id)

    return make


@pytest.fixture
def notice(make_notice):
    return make_notice()
