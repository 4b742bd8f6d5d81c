"""Homes with an operator each, and a way to act as one of them."""

from contextlib import contextmanager

import pytest

from server.db import sessions
from server.db.acts import Act, Face, acting
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_sign_in, make_staff


class Desks:
    """`with desks.at(site) as session:` acts as its operator; `with desks.county() as …`."""

    def __init__(self, session):
        self.session = session
        self.near = make_site(session, name="枫叶养老院")
        self.far = make_site(session, name="松柏养老院", division_code=OTHER_COUNTY_VILLAGE)
        self._tokens = {}

    @contextmanager
    def at(self, site):
        token = self._token(("facility_operator", site.id), site_id=site.id)
        with self._as(token, Face.CONSOLE) as session:
            yield session

    @contextmanager
    def county(self, number=0):
        """One of the county's officers, the first unless told."""
        with self._as(
            self._token(("county_officer", number), division_code="140502"), Face.CONSOLE
        ) as one:
            yield one

    @contextmanager
    def phone(self, number):
        if number not in self._tokens:
            account = make_account(self.session, phone=number)
            self._tokens[number] = make_sign_in(self.session, account=account)
        with self._as(self._tokens[number], Face.PHONE) as session:
            yield session

    def forget_phones(self):
        """Whoever picks a phone up next opens an account anew."""
        self._tokens = {whose: one for whose, one in self._tokens.items() if whose[:1] != "+"}

    def _token(self, whose, **scope):
        if whose not in self._tokens:
            staff = make_staff(self.session, whose[0], **scope)
            self._tokens[whose] = make_sign_in(self.session, staff=staff)
        return self._tokens[whose]

    @contextmanager
    def _as(self, token, face):
        self.session.commit()
        with acting(Act(face, "tests", "test", token=token)), sessions.transaction() as session:
            yield session


@pytest.fixture
def desks(session):
    return Desks(session)
