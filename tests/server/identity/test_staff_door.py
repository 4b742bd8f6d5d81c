"""Staff come in by name and password, and a second step; guessing is slowed down."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.db.sessions import transaction
from server.identity.errors import LockedOut, PasswordWrong, SecondStepWrong, TicketExpired
from server.identity.models import Role
from server.identity.service import second_factors, staff_door
from server.identity.service.staff_door import Caller, NextStep
from tests.factories.people import make_account, make_resident, make_sign_in
from tests.server.identity.conftest import HERE, PASSWORD, Authenticator, who


def sign_in(name, password=PASSWORD, caller=HERE):
    with transaction() as session:
        return staff_door.sign_in_by_password(
            session, sign_in_name=name, password=password, caller=caller
        )


def second_step(step, typed, caller=HERE, by=staff_door.pass_second_step):
    with transaction() as session:
        return by(session, token=step.token, typed=typed, caller=caller)


@pytest.fixture
def held(session, officer):
    """The officer's authenticator."""
    authenticator = Authenticator(session, officer)
    session.commit()
    return authenticator


@pytest.fixture
def at_a_still_moment():
    """The first minute of a quarter: no window ends under the test."""
    quarter = clock.now().replace(minute=1, second=0, microsecond=0)
    with time_machine.travel(quarter, tick=False) as time:
        yield time


class TestThePassword:
    def test_opens_the_console_for_a_working_day_where_no_second_step_is_asked(self, cook):
        signed_in = sign_in(cook.sign_in_name)

        actor = who(signed_in.token)
        assert (actor.staff_id, actor.prefixes) == (cook.id, ["140502"])
        kept = signed_in.sign_in
        assert kept.expires_at - kept.created_at == timedelta(hours=8)
        assert kept.device_label == "Chrome · Windows"

    @pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", "x" * 10_000, "👵"])
    def test_that_is_wrong_is_refused(self, cook, password):
        with pytest.raises(PasswordWrong):
            sign_in(cook.sign_in_name, password)

    def test_of_an_unknown_name_is_refused_alike(self, cook):
        with pytest.raises(PasswordWrong) as unknown:
            sign_in("nobody")
        with pytest.raises(PasswordWrong) as known:
            sign_in(cook.sign_in_name, "wrong")

        assert unknown.value.facts == known.value.facts

    def test_may_be_wrong_five_times_from_one_address(self, cook, at_a_still_moment):
        for _ in range(5):
            with pytest.raises(PasswordWrong):
                sign_in(cook.sign_in_name, "wrong")
        with pytest.raises(LockedOut) as locked:
            sign_in(cook.sign_in_name)
        assert locked.value.facts == {"retry_after": 14 * 60}

        at_a_still_moment.shift(timedelta(minutes=14))
        assert sign_in(cook.sign_in_name).token

    def test_guessed_by_a_stranger_does_not_shut_its_owner_out(self, cook, at_a_still_moment):
        stranger = Caller("203.0.113.9")
        for _ in range(5):
            with pytest.raises(PasswordWrong):
                sign_in(cook.sign_in_name, "wrong", stranger)
        with pytest.raises(LockedOut):
            sign_in(cook.sign_in_name, "wrong", stranger)

        assert sign_in(cook.sign_in_name).token

    def test_guessed_from_everywhere_is_slowed_down_all_the_same(
        self, cook, at_a_still_moment, monkeypatch
    ):
        few = (3, timedelta(minutes=15))
        monkeypatch.setattr(staff_door.rules, "WRONG_PASSWORDS_PER_NAME", few)
        for address in range(3):
            with pytest.raises(PasswordWrong):
                sign_in(cook.sign_in_name, "wrong", Caller(f"203.0.113.{address}"))

        with pytest.raises(LockedOut):
            sign_in(cook.sign_in_name, "wrong", Caller("203.0.113.99"))

    def test_of_someone_who_was_disabled_opens_nothing(self, cook, session):
        token = sign_in(cook.sign_in_name).token
        cook.disabled_at = clock.now()
        session.commit()

        with pytest.raises(PasswordWrong):
            sign_in(cook.sign_in_name)
        assert not who(token).is_known

    def test_opens_nothing_where_a_one_time_code_is_waited_for(self, cook, session):
        cook.code_needed_since = clock.now()
        session.commit()

        with pytest.raises(PasswordWrong):
            sign_in(cook.sign_in_name)


class TestTheSecondStep:
    def test_is_asked_of_an_officer_and_opens_the_office(self, officer, held):
        step = sign_in(officer.sign_in_name)
        assert isinstance(step, NextStep)
        assert not step.is_set_up

        signed_in = second_step(step, held.code())

        assert [role["role"] for role in who(signed_in.token).roles] == ["city_officer"]

    def test_token_alone_signs_nobody_in(self, officer, held):
        assert not who(sign_in(officer.sign_in_name).token).is_known

    @pytest.mark.parametrize("typed", ["", "000000x", "12345", "１２３４５６", "👵👵👵👵👵👵"])
    def test_wrong_code_is_refused(self, officer, held, typed):
        with pytest.raises(SecondStepWrong):
            second_step(sign_in(officer.sign_in_name), typed)

    @pytest.mark.parametrize(("late", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
    def test_bears_a_clock_that_is_half_a_minute_off(
        self, officer, held, at_a_still_moment, late, opens
    ):
        step = sign_in(officer.sign_in_name)
        if opens:
            assert second_step(step, held.code(late)).token
        else:
            with pytest.raises(SecondStepWrong):
                second_step(step, held.code(late))

    def test_code_opens_once(self, officer, held, at_a_still_moment):
        second_step(sign_in(officer.sign_in_name), held.code())

        with pytest.raises(SecondStepWrong):
            second_step(sign_in(officer.sign_in_name), held.code())
        with pytest.raises(SecondStepWrong):
            second_step(sign_in(officer.sign_in_name), held.code(-1))
        assert second_step(sign_in(officer.sign_in_name), held.code(1)).token

    def test_ticket_opens_once_and_for_ten_minutes(self, officer, held, at_a_still_moment):
        used = sign_in(officer.sign_in_name)
        second_step(used, held.code())
        with pytest.raises(TicketExpired):
            second_step(used, held.code(1))

        late = sign_in(officer.sign_in_name)
        at_a_still_moment.shift(timedelta(minutes=10))
        with pytest.raises(TicketExpired):
            second_step(late, held.code())

    def test_may_be_wrong_five_times_from_one_address(self, officer, held, at_a_still_moment):
        step = sign_in(officer.sign_in_name)
        for _ in range(5):
            with pytest.raises(SecondStepWrong):
                second_step(step, "000000")

        with pytest.raises(LockedOut):
            second_step(step, held.code())
        assert second_step(step, held.code(), Caller("203.0.113.9")).token

    def test_is_asked_of_who_has_one_even_where_no_office_needs_it(self, cook, session):
        Authenticator(session, cook)
        session.commit()

        assert isinstance(sign_in(cook.sign_in_name), NextStep)


class TestSettingUp:
    def test_comes_first_where_an_office_needs_it(self, officer):
        step = sign_in(officer.sign_in_name)

        assert step.is_set_up
        with pytest.raises(TicketExpired):
            second_step(step, "123456")

    def test_ends_with_ten_codes_on_paper(self, officer, session):
        step = sign_in(officer.sign_in_name)
        with transaction() as reading:
            factor = staff_door.find_second_step(reading, step.token)
            secret = second_factors.secret_of(factor)
        assert second_factors.SECRET_FIELD not in secret

        code = staff_door.one_time.code_of(secret, staff_door.one_time.step_at(clock.now()))
        signed_in, codes = second_step(step, code, by=staff_door.finish_set_up)

        assert len(set(codes)) == 10
        assert who(signed_in.token).roles
        lost = second_step(
            sign_in(officer.sign_in_name),
            codes[3].lower().replace("-", " "),
            by=staff_door.pass_by_recovery_code,
        )
        assert who(lost.token).roles
        with pytest.raises(SecondStepWrong):
            second_step(
                sign_in(officer.sign_in_name), codes[3], by=staff_door.pass_by_recovery_code
            )

    def test_keeps_its_secret_where_one_begins_again_before_the_end(self, officer):
        first, again = sign_in(officer.sign_in_name), sign_in(officer.sign_in_name)

        with transaction() as session:
            secrets = {
                second_factors.secret_of(staff_door.find_second_step(session, step.token))
                for step in (first, again)
            }
        assert len(secrets) == 1


class TestASignIn:
    def test_without_a_second_factor_holds_no_office_that_needs_one(self, officer, session):
        token = make_sign_in(session, staff=officer, second_factor=False)
        session.commit()

        actor = who(token)
        assert (actor.staff_id, actor.roles) == (officer.id, ())

    def test_asks_the_same_offices_of_the_database_as_of_python(self, session):
        needing = session.execute(
            text("SELECT role FROM unnest(CAST(:roles AS text[])) role"
                 " WHERE needs_second_factor(role)"),
            {"roles": [role.value for role in Role]},
        ).scalars()  # fmt: skip

        assert set(needing) == set(staff_door.queries.NEED_SECOND_FACTOR)

    def test_ends_half_an_hour_after_its_last_use(self, cook, at_a_still_moment):
        token = sign_in(cook.sign_in_name).token
        for _ in range(3):
            at_a_still_moment.shift(timedelta(minutes=29))
            assert who(token).is_known

        at_a_still_moment.shift(timedelta(minutes=31))
        assert not who(token).is_known

    def test_ends_after_eight_hours_however_much_it_is_used(self, cook, at_a_still_moment):
        token = sign_in(cook.sign_in_name).token
        for _ in range(24):
            at_a_still_moment.shift(timedelta(minutes=20))
            last = who(token)
        assert not last.is_known

    def test_of_an_officer_is_not_prolonged_by_a_page_that_renews_itself(
        self, officer, held, at_a_still_moment
    ):
        token = second_step(sign_in(officer.sign_in_name), held.code()).token
        at_a_still_moment.shift(timedelta(minutes=29))
        assert who(token, is_refresh=True).is_known

        at_a_still_moment.shift(timedelta(minutes=2))
        assert not who(token).is_known

    def test_of_a_board_on_the_wall_is(self, cook, at_a_still_moment):
        token = sign_in(cook.sign_in_name).token
        for _ in range(2):
            at_a_still_moment.shift(timedelta(minutes=29))
            who(token, is_refresh=True)

        assert who(token).is_known

    def test_of_a_phone_bears_any_pause(self, session, at_a_still_moment):
        token = make_sign_in(session, account=make_account(session, make_resident(session)))
        session.commit()
        at_a_still_moment.shift(timedelta(hours=23))

        assert who(token).is_known

    def test_ends_with_its_revocation(self, session):
        account = make_account(session, make_resident(session))
        token = make_sign_in(session, account=account)
        session.commit()
        assert who(token).account_id == account.id

        session.execute(text("UPDATE sign_in SET revoked_at = :now"), {"now": clock.now()})
        session.commit()

        assert not who(token).is_known


def test_six_digits_are_read_however_a_keyboard_writes_them(officer, held):
    step = sign_in(officer.sign_in_name)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in held.code())

    assert second_step(step, f" {wide[:3]} {wide[3:]} ").token
