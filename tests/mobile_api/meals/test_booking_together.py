"""Bookings that are asked for in the same moment: taken in one transaction, each as if alone."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from mobile_api.meals import booking_together
from mobile_api.meals.booking_together import Asked
from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.db.together import Asking, act_for, transaction_together
from server.meals.kitchen.needs import note_needs
from server.meals.models import Diet, Handing
from server.residents.models import GrantKind, HelperScope, ResidentGrant
from tests.factories.meals import make_sitting
from tests.factories.people import LONG_AGO, make_account, make_resident, make_sign_in

ACTION = "bookings.book_meal"
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


def asked(token, resident_id, sitting_id, *, key=None, diet=Diet.NORMAL):
    command = {
        "sitting_id": sitting_id,
        "resident_id": resident_id,
        "diet": diet,
        "handing": Handing.AT_CANTEEN,
    }
    asking = Asking(token, resident_id, ACTION, uuid4().hex)
    request = b"POST /v1/bookings?\n" + json.dumps([sitting_id, resident_id]).encode()
    return Asked(asking, command, key or uuid4().hex, ACTION, request)


@pytest.fixture
def carry_out(app, session):
    """Carry out what is asked, as the one does who leads."""

    def carry_out(*every):
        session.commit()
        with app.test_request_context():
            return booking_together._carry_out(every)

    return carry_out


@pytest.fixture
def somebody(session):
    """Make an elder with a phone of their own, and return token and resident."""

    def make():
        resident = make_resident(session, name="李秀英")
        return make_sign_in(session, account=make_account(session, resident)), resident

    return make


def statuses(answers):
    return [answer and answer.status_code for answer in answers]


def test_each_is_answered_as_if_alone(session, carry_out, somebody, app):
    sitting = make_sitting(session)
    people = [somebody() for _ in range(3)]

    answers = carry_out(*(asked(token, one.id, sitting.id) for token, one in people))

    assert statuses(answers) == [201, 201, 201]
    for answer, (token, resident) in zip(answers, people, strict=True):
        shown = app.test_client().get(
            f"/v1/bookings/{answer.json['id']}", headers={"Authorization": f"Bearer {token}"}
        )
        assert shown.json == answer.json
        assert (answer.json["resident_id"], answer.json["booked_by"]) == (resident.id, "self")
    session.refresh(sitting)
    assert sitting.booked == 3


def test_the_answer_is_written_as_the_view_itself_writes_it(
    session, carry_out, somebody, phone, resident
):
    sitting = make_sitting(session)
    token, other = somebody()
    alone = phone.book(sitting, resident)

    [together] = carry_out(asked(token, other.id, sitting.id))

    assert (together.status_code, together.mimetype) == (201, alone.mimetype)
    assert list(together.json) == list(alone.json)
    differ = {"id", "resident_id", "code", "qr_modules", "booked_at"}
    for name in set(alone.json) - differ:
        assert together.json[name] == alone.json[name]


def test_without_a_diet_each_is_cooked_for_as_was_noted_of_them(session, carry_out, somebody):
    sitting = make_sitting(session)
    (token, elder), (other, plain) = somebody(), somebody()
    note_needs(session, elder.id, usual_diet=Diet.SOFT, allergens=[], dislikes=[])

    answers = carry_out(
        asked(token, elder.id, sitting.id, diet=None), asked(other, plain.id, sitting.id, diet=None)
    )

    assert statuses(answers) == [201, 201]
    assert [one.json["diet"] for one in answers] == ["soft", "normal"]


@pytest.mark.parametrize("amount", [2, 12])
def test_many_take_as_many_statements_as_two(
    session, carry_out, somebody, count_statements, amount
):
    sittings = [make_sitting(session) for _ in range(2)]
    people = [somebody() for _ in range(amount)]
    every = [
        asked(token, one.id, sittings[number % 2].id) for number, (token, one) in enumerate(people)
    ]
    session.commit()

    with count_statements() as sent:
        answers = carry_out(*every)

    assert statuses(answers) == [201] * amount
    assert len(sent) == 7, "\n".join(sent)


class TestWhoCannotBeServedWithTheOthers:
    """They go alone, where they hear why; the others have their meals, and no act is left of it."""

    @pytest.fixture
    def others(self, session, somebody):
        """Two for whom nothing stands in the way, before and behind whoever it is about."""
        sitting = make_sitting(session)
        return [asked(token, one.id, sitting.id) for token, one in (somebody(), somebody())]

    @pytest.fixture
    def is_left_out(self, session, carry_out, others):
        def check(one):
            before, behind = others
            assert statuses(carry_out(before, one, behind)) == [201, None, 201]
            acts = session.execute(
                text("SELECT count(*) FROM act WHERE request_id = :id"),
                {"id": one.asking.request_id},
            )
            assert acts.scalar_one() == 0

        return check

    @pytest.mark.parametrize(
        "given",
        [
            {"capacity": 0},
            {"published_at": None},
            {"closed_at": clock.now()},
            {"in_days": 0, "cutoff_at": clock.now() - timedelta(minutes=1)},
        ],
        ids=["full", "unpublished", "closed", "past its cut-off"],
    )
    def test_where_the_sitting_cannot_be_booked(self, session, somebody, is_left_out, given):
        token, resident = somebody()
        is_left_out(asked(token, resident.id, make_sitting(session, **given).id))

    def test_where_there_is_no_such_sitting(self, somebody, is_left_out):
        token, resident = somebody()
        is_left_out(asked(token, resident.id, 1))

    def test_who_has_the_meal_already(self, session, somebody, carry_out, is_left_out):
        token, resident = somebody()
        first, other = make_sitting(session), make_sitting(session)
        assert statuses(carry_out(asked(token, resident.id, first.id))) == [201]
        is_left_out(asked(token, resident.id, other.id))

    def test_who_has_died(self, session, somebody, is_left_out):
        token, resident = somebody()
        resident.died_on = clock.today()
        is_left_out(asked(token, resident.id, make_sitting(session).id))

    def test_who_asks_for_somebody_else(self, session, somebody, neighbour, is_left_out):
        token, _ = somebody()
        is_left_out(asked(token, neighbour.id, make_sitting(session).id))

    def test_a_helper_who_may_do_other_things(self, session, neighbour, is_left_out):
        token = self._helper(session, neighbour, [HelperScope.APPLY.value])
        is_left_out(asked(token, neighbour.id, make_sitting(session).id))

    def test_a_helper_whose_time_is_over(self, session, neighbour, is_left_out):
        token = self._helper(session, neighbour, [HelperScope.BOOK_MEALS.value], clock.today())
        is_left_out(asked(token, neighbour.id, make_sitting(session).id))

    @staticmethod
    def _helper(session, resident, scopes, ends_on=None):
        account = make_account(session)
        session.add(
            ResidentGrant(
                account_id=account.id, resident_id=resident.id, kind=GrantKind.HELPER,
                scopes=scopes, starts_on=LONG_AGO, ends_on=ends_on,
            )
        )  # fmt: skip
        session.flush()
        return make_sign_in(session, account=account)

    @pytest.mark.parametrize(
        "ended",
        [
            "UPDATE sign_in SET revoked_at = :now WHERE token_digest = sha256(:token)",
            "UPDATE sign_in SET expires_at = :now WHERE token_digest = sha256(:token)",
            "UPDATE account SET closed_at = :now WHERE id IN"
            " (SELECT account_id FROM sign_in WHERE token_digest = sha256(:token))",
        ],
        ids=["signed out", "expired", "closed"],
    )
    def test_who_is_not_signed_in_any_more(self, session, somebody, is_left_out, ended):
        token, resident = somebody()
        sitting = make_sitting(session)
        session.execute(text(ended), {"now": clock.now(), "token": token.encode()})
        is_left_out(asked(token, resident.id, sitting.id))

    def test_the_same_key_again(self, session, somebody, carry_out, is_left_out):
        token, resident = somebody()
        sitting = make_sitting(session)
        one = asked(token, resident.id, sitting.id, key="k" * 32)
        assert statuses(carry_out(one)) == [201]
        is_left_out(asked(token, resident.id, sitting.id, key="k" * 32))


def test_one_person_twice_is_served_once_whoever_asks(session, carry_out, somebody):
    token, resident = somebody()
    daughter = make_sign_in(session, account=make_account(session, resident, kind=GrantKind.HELPER))
    sitting, other = make_sitting(session), make_sitting(session)

    answers = carry_out(
        asked(token, resident.id, sitting.id), asked(daughter, resident.id, other.id)
    )

    assert statuses(answers) == [201, None]


def test_one_key_for_two_people_is_the_first_ones(session, carry_out):
    mother, father = make_resident(session), make_resident(session)
    token = make_sign_in(session, account=make_account(session, mother, father))
    sitting = make_sitting(session)

    answers = carry_out(
        *(asked(token, one.id, sitting.id, key="k" * 32) for one in (mother, father))
    )

    assert statuses(answers) == [201, None]


def test_the_last_places_go_to_whoever_asked_first(session, carry_out, somebody):
    sitting = make_sitting(session, capacity=2)
    people = [somebody() for _ in range(4)]
    people.reverse()  # who asked first is not who has the lowest number

    answers = carry_out(*(asked(token, one.id, sitting.id) for token, one in people))

    assert statuses(answers) == [201, 201, None, None]
    session.refresh(sitting)
    assert sitting.booked == 2


def test_a_key_kept_by_another_worker_meanwhile_takes_its_booking_back(
    session, carry_out, somebody, monkeypatch
):
    """The others are taken by a second run; their first is undone with its acts."""
    sitting = make_sitting(session)
    people = [somebody() for _ in range(3)]
    every = [asked(token, one.id, sitting.id) for token, one in people]
    keep = booking_together.keep_answers
    losing = [every[1].key]

    def keep_some(session, kept):
        stored = keep(session, kept)
        return {pair for pair in stored if pair[1] not in losing}

    monkeypatch.setattr(booking_together, "keep_answers", keep_some)

    assert statuses(carry_out(*every)) == [201, None, 201]
    session.refresh(sitting)
    assert sitting.booked == 2


class TestActsAndTrail:
    @pytest.fixture
    def two(self, session, somebody):
        """A father who books by himself, and a mother whose daughter does."""
        token, father = somebody()
        mother = make_resident(session, name="陈大妈")
        daughter = make_account(session, mother, kind=GrantKind.HELPER)
        return (token, father), (make_sign_in(session, account=daughter), mother)

    def test_every_line_is_that_of_whoever_asked(self, app, own_city):
        with acting(PLATFORM), transaction() as session:
            people = []
            for kind in (GrantKind.SELF, GrantKind.HELPER):
                resident = make_resident(session)
                account = make_account(session, resident, kind=kind)
                people.append((make_sign_in(session, account=account), resident.id, account.id))
            sitting_id = make_sitting(session).id
        every = [asked(token, resident, sitting_id) for token, resident, _ in people]

        with app.test_request_context():
            answers = booking_together._carry_out(every)

        assert statuses(answers) == [201, 201]
        for one, answer, (_, resident, account) in zip(every, answers, people, strict=True):
            told = who_acted(own_city, "booking", str(answer.json["id"]))
            assert told == [(account, resident, one.asking.request_id, ACTION, "phone")]
            [link] = who_acted(own_city, "care_link", f"{resident}/{answer.json['canteen_id']}")
            assert link == told[0]

    def test_what_belongs_to_nobody_who_asked_is_not_written(self, session, two):
        (token, father), _ = two
        sitting_id = make_sitting(session).id
        session.commit()
        asking = [Asking(token, father.id, ACTION, "r" * 32)]

        with transaction_together(asking, scope="book_meals", at=clock.now()) as (own, _):
            act_for(own, [father.id])
            widen = text("UPDATE sitting SET capacity = 1 WHERE id = :id")
            with pytest.raises(DBAPIError, match="of sitting without an act"):
                own.execute(widen, {"id": sitting_id})
            own.rollback()

    def test_nobody_acts_for_whom_nobody_asked(self, session, two):
        (token, father), (_, mother) = two
        session.commit()
        asking = [Asking(token, father.id, ACTION, "r" * 32)]

        with transaction_together(asking, scope="book_meals", at=clock.now()) as (own, _):
            with pytest.raises(DBAPIError, match="nobody asked"):
                act_for(own, [mother.id])
            own.rollback()

    def test_those_are_seen_who_were_asked_for_by_whom_they_let(self, session, two):
        (token, father), (daughter, mother) = two
        neighbour = make_resident(session)
        session.commit()
        asking = [
            Asking(token, father.id, ACTION, "r" * 32),
            Asking(daughter, mother.id, ACTION, "r" * 32),
            Asking(daughter, neighbour.id, ACTION, "r" * 32),
        ]

        with transaction_together(asking, scope="book_meals", at=clock.now()) as (own, actors):
            seen = set(own.execute(text("SELECT id FROM resident")).scalars())

        assert seen == {father.id, mother.id}
        assert set(actors) == {0, 1}


def who_acted(database, table, key):
    """Return (account, for whom, request, action, face) of each line, as told by line and act."""
    engine = create_engine(database.superuser_url)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT t.body, a.account_id, a.for_resident_id, a.request_id, a.action, a.face"
                " FROM city_1405.trail_entry t JOIN city_1405.act a ON a.id = t.act_id"
                " WHERE t.table_name = :table AND t.row_key = :key"
            ),
            {"table": table, "key": key},
        ).all()
    engine.dispose()
    for body, *act in rows:
        who = json.loads(body)["who"]
        names = ("account", "for_resident", "request", "action", "face")
        assert [who[name] for name in names] == act
    return [tuple(act) for _, *act in rows]
