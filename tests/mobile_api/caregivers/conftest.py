"""A caregiver whose file has the number of this phone."""

import pytest
from sqlmodel import select

from server.caregivers.models import Employment
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.meals import make_site
from tests.factories.people import an_id_number

ID_NUMBER = an_id_number(7501)
DIGITS = ID_NUMBER[-6:]


@pytest.fixture
def digits():
    return DIGITS


@pytest.fixture
def caregiver(session, account):
    home = make_site(session, name="枫叶养老院", phone="+863562000001")
    one = make_caregiver(session, home, name="孙一兰", phone=account.phone, id_number=ID_NUMBER)
    make_employment(session, one)
    return one


@pytest.fixture
def linked(session, caregiver, account):
    caregiver.account_id = account.id
    session.flush()
    return caregiver


@pytest.fixture
def employment(session, linked):
    return session.exec(select(Employment).where(Employment.caregiver_id == linked.id)).one()
