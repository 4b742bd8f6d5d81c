"""A passkey opens for its owner, once for each time it is asked, and a copy of it for nobody."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.errors import NotFound
from server.identity import rules
from server.identity.errors import (
    LockedOut,
    PasskeyDoubted,
    PasskeyKnown,
    PasskeyRefused,
    PasswordWrong,
    SecondStepMissing,
    TicketExpired,
)
from server.identity.models import Passkey
from server.identity.service import passkeys, staff, staff_door
from server.identity.service.passkeys import House
from tests.factories.passkeys import MadeUpAuthenticator
from tests.factories.people import make_sign_in, make_staff
from tests.server.identity.conftest import HERE, PASSWORD, Authenticator, who

HOUSE = House("localhost", "http://localhost")


class Owner:
    """A member of staff at their own account."""

    def __init__(self, session, person, *, second_factor=True):
        self.person = person
        self.token = make_sign_in(session, staff=person, second_factor=second_factor)
        session.commit()

    def __enter__(self):
        self.acting = acting(Act(Face.CONSOLE, "tests", "test", token=self.token))
        self.acting.__enter__()
        self.within = transaction()
        return self.within.__enter__()

    def __exit__(self, *failure):
        try:
            return self.within.__exit__(*failure)
        finally:
            self.acting.__exit__(*failure)

    def add(self, authenticator, label="窗口电脑"):
        with self as session:
            asked = passkeys.ask_to_add(session, present=PASSWORD, house=HOUSE)
        with self as session:
            made = authenticator.make(asked)
            return passkeys.add(session, label=label, answer=made, house=HOUSE).id


@pytest.fixture
def owner(session, officer):
    officer.phone = "+8613800138000"
    return Owner(session, officer)


@pytest.fixture
def device():
    return MadeUpAuthenticator()


@pytest.fixture
def added(owner, device):
    return owner.add(device)


def asked_at_the_door():
    with transaction() as session:
        return passkeys.ask_to_come_in(session, house=HOUSE, caller=HERE)


def come_in(answer, caller=HERE):
    with transaction() as session:
        return passkeys.come_in(session, answer=answer, house=HOUSE, caller=caller)


def kept(session, passkey_id):
    session.commit()
    return session.get(Passkey, passkey_id, populate_existing=True)


def told(session):
    session.commit()
    return session.execute(text("SELECT kind FROM message ORDER BY id")).scalars().all()


class TestComingIn:
    def test_it_opens_the_console_and_stands_for_both_factors(self, owner, device, added):
        signed_in = come_in(device.sign(asked_at_the_door()))

        actor = who(signed_in.token)
        assert actor.staff_id == owner.person.id
        assert [role["role"] for role in actor.roles] == ["city_officer"]
        assert signed_in.sign_in.device_label == HERE.device_label

    def test_the_same_answer_opens_once(self, device, added):
        answer = device.sign(asked_at_the_door())
        come_in(answer)

        with pytest.raises(PasskeyRefused):
            come_in(answer)

    def test_what_was_never_asked_opens_nothing(self, device, added):
        asked = json.loads(asked_at_the_door()) | {"challenge": "bm90IGFza2VkIGJ5IHVz"}

        with pytest.raises(PasskeyRefused):
            come_in(device.sign(json.dumps(asked)))

    def test_what_was_asked_five_minutes_ago_opens_nothing(self, device, added):
        asked = asked_at_the_door()
        later = clock.now() + rules.PASSKEY_CHALLENGE_LIVES + timedelta(seconds=1)

        with time_machine.travel(later), pytest.raises(PasskeyRefused):
            come_in(device.sign(asked))

    def test_what_was_asked_to_add_a_key_does_not_let_in(self, owner, device, added):
        with owner as session:
            asked = passkeys.ask_to_add(session, present=PASSWORD, house=HOUSE)

        with pytest.raises(PasskeyRefused):
            come_in(device.sign(asked))

    @pytest.mark.parametrize(
        "elsewhere",
        [
            {"origin": "http://localhost.evil.example"},
            {"origin": "https://localhost"},
            {"domain": "evil.example"},
            {"verifies": False},
        ],
        ids=["another address", "another scheme", "another name", "nobody verified"],
    )
    def test_signed_elsewhere_or_for_nobody_it_is_refused(self, device, added, elsewhere):
        for name, value in elsewhere.items():
            setattr(device, name, value)

        with pytest.raises(PasskeyRefused):
            come_in(device.sign(asked_at_the_door()))

    def test_somebody_elses_key_under_this_ones_name_is_refused(self, device, added):
        other = MadeUpAuthenticator()
        other.credential_id, other.handle = device.credential_id, device.handle

        with pytest.raises(PasskeyRefused):
            come_in(other.sign(asked_at_the_door()))

    def test_this_ones_key_in_somebody_elses_name_is_refused(self, device, added, cook):
        device.handle = f"staff:{cook.id}".encode()

        with pytest.raises(PasskeyRefused):
            come_in(device.sign(asked_at_the_door()))

    @pytest.mark.parametrize(
        "answer", ["", "[]", "null", '"x"', "{}", '{"response": {}}', '{"rawId": 1}', "é" * 100]
    )
    def test_what_is_no_answer_at_all_is_refused(self, session, answer):
        with pytest.raises(PasskeyRefused):
            come_in(answer)

    def test_a_locked_out_owner_stays_out(self, session, owner, device, added):
        owner.person.disabled_at = clock.now()
        session.commit()

        with pytest.raises(PasskeyRefused):
            come_in(device.sign(asked_at_the_door()))

    def test_whoever_waits_for_a_one_time_code_stays_out(self, session, owner, device, added):
        owner.person.code_needed_since = clock.now()
        session.commit()

        with pytest.raises(PasskeyRefused):
            come_in(device.sign(asked_at_the_door()))

    def test_refused_too_often_the_door_stays_shut_for_a_while(self, session, device, added):
        for _ in range(rules.WRONG_PASSKEYS_PER_ADDRESS[0]):
            with pytest.raises(PasskeyRefused):
                come_in("{}")

        with pytest.raises(LockedOut):
            come_in(device.sign(asked_at_the_door()))


class TestACopy:
    def test_closes_the_key_and_its_owner_is_told(self, session, device, added):
        thief = device.copy()
        come_in(device.sign(asked_at_the_door()))
        come_in(device.sign(asked_at_the_door()))

        with pytest.raises(PasskeyDoubted):
            come_in(thief.sign(asked_at_the_door()))

        found = kept(session, added)
        assert found.doubted_at == found.revoked_at is not None
        assert told(session) == ["identity.passkey_added", "identity.passkey_doubted"]
        with pytest.raises(PasskeyRefused):
            come_in(device.sign(asked_at_the_door()))

    def test_that_went_ahead_is_found_by_the_owners_next_use(self, session, device, added):
        thief = device.copy()
        come_in(thief.sign(asked_at_the_door()))

        with pytest.raises(PasskeyDoubted):
            come_in(device.sign(asked_at_the_door()))

    def test_a_key_that_never_counts_opens_again_and_again(self, device, added):
        for _ in range(3):
            come_in(device.sign(asked_at_the_door(), counts=False))

    def test_a_key_that_has_counted_does_not_stop(self, device, added):
        come_in(device.sign(asked_at_the_door()))
        device.count = 0

        with pytest.raises(PasskeyDoubted):
            come_in(device.sign(asked_at_the_door(), counts=False))

    def test_the_database_lets_no_key_count_backwards_or_come_back(self, session, device, added):
        come_in(device.sign(asked_at_the_door()))
        session.commit()
        session.execute(text("UPDATE passkey SET revoked_at = created_at"))

        for change in ("sign_count = 0", "revoked_at = NULL"):
            with (
                pytest.raises(DBAPIError, match="neither comes back nor counts backwards"),
                session.begin_nested(),
            ):
                session.execute(text(f"UPDATE passkey SET {change}"))


class TestAdding:
    def test_the_password_is_asked_again(self, owner):
        with pytest.raises(PasswordWrong), owner as session:
            passkeys.ask_to_add(session, present="not it", house=HOUSE)

    def test_without_the_second_step_passed_nothing_is_added(self, session, officer):
        Authenticator(session, officer)
        halfway = Owner(session, officer, second_factor=False)

        with pytest.raises(SecondStepMissing), halfway as own:
            passkeys.ask_to_add(own, present=PASSWORD, house=HOUSE)

    def test_a_device_that_verifies_nobody_is_refused(self, owner):
        with pytest.raises(PasskeyRefused):
            owner.add(MadeUpAuthenticator(verifies=False))

    def test_a_page_of_another_address_adds_nothing(self, owner):
        with pytest.raises(PasskeyRefused):
            owner.add(MadeUpAuthenticator(origin="http://evil.example"))

    def test_the_same_passkey_is_added_once(self, owner, device, added):
        with pytest.raises(PasskeyKnown):
            owner.add(device)

    def test_what_one_person_was_asked_adds_nothing_to_another(self, session, owner, cook, device):
        with owner as own:
            asked = passkeys.ask_to_add(own, present=PASSWORD, house=HOUSE)
        made = device.make(asked)

        with pytest.raises(PasskeyRefused), Owner(session, cook) as own:
            passkeys.add(own, label="x", answer=made, house=HOUSE)

    def test_known_words_alone_are_kept_of_what_the_browser_says(self, session, added):
        assert kept(session, added).transports == ["internal"]

    def test_the_owner_is_told(self, session, added):
        assert told(session) == ["identity.passkey_added"]

    def test_a_device_that_has_one_is_named_to_the_browser(self, owner, device, added):
        with owner as session:
            asked = json.loads(passkeys.ask_to_add(session, present=PASSWORD, house=HOUSE))

        assert len(asked["excludeCredentials"]) == 1
        assert asked["authenticatorSelection"]["userVerification"] == "required"


class TestTakingAway:
    def test_taken_away_it_opens_nothing(self, owner, device, added):
        with owner as session:
            passkeys.remove(session, added)

        with pytest.raises(PasskeyRefused):
            come_in(device.sign(asked_at_the_door()))

    def test_a_colleagues_is_not_found(self, session, added, administrator):
        with Owner(session, administrator) as own:
            for deed in (passkeys.remove, lambda s, key: passkeys.rename(s, key, "mine")):
                with pytest.raises(NotFound):
                    deed(own, added)

    def test_it_is_called_as_its_owner_likes(self, session, owner, added):
        with owner as own:
            passkeys.rename(own, added, "家里的手机")

        assert kept(session, added).label == "家里的手机"

    def test_an_administrator_revokes_it_and_the_owner_is_out_and_told(
        self, session, owner, device, added, as_administrator
    ):
        token = come_in(device.sign(asked_at_the_door())).token
        with as_administrator() as own:
            staff.revoke_passkey(own, owner.person.id, added)

        assert who(token).staff_id is None
        assert told(session)[-1] == "identity.passkey_revoked"
        with pytest.raises(PasskeyRefused):
            come_in(device.sign(asked_at_the_door()))

    def test_a_lost_phone_takes_its_passkeys_with_it(
        self, session, owner, device, added, as_administrator
    ):
        with as_administrator() as own:
            staff.reset_second_factor(own, owner.person.id)

        with pytest.raises(PasskeyRefused):
            come_in(device.sign(asked_at_the_door()))

    def test_an_administrator_adds_none_for_a_colleague(self, owner, added, as_administrator):
        put = (
            "INSERT INTO passkey (staff_id, credential_id, public_key, sign_count, transports,"
            " label, created_at) SELECT staff_id, decode(repeat('ab', 32), 'hex'), '', 0, '{}',"
            " 'x', created_at FROM passkey"
        )
        with pytest.raises(DBAPIError, match="row-level security"), as_administrator() as own:
            own.execute(text(put))


def test_an_authenticator_is_still_asked_for_where_the_password_opens(
    session, owner, device, added
):
    """A passkey is another way in, not a way around the second step."""
    step = staff_door.sign_in_by_password
    with transaction() as own:
        passed = step(own, sign_in_name=owner.person.sign_in_name, password=PASSWORD, caller=HERE)

    assert passed.is_set_up
    with pytest.raises(TicketExpired), transaction() as own:
        staff_door.pass_second_step(own, token=passed.token, typed="000000", caller=HERE)


def test_a_colleague_sees_no_passkey(session, added):
    colleague = make_staff(session, "city_officer", division_code="1405")
    with Owner(session, colleague) as own:
        assert own.execute(text("SELECT count(*) FROM passkey")).scalar_one() == 0
