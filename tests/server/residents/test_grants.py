"""Who may act for whom: bound, used, taken back, and told to the one it concerns."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.errors import NotFound
from server.identity.service.accounts import open_account
from server.residents import grants
from server.residents.errors import AlreadyHelps, OutsideScope
from server.residents.models import GrantKind, HelperScope, Relation
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.people import make_account, make_resident, make_sign_in, make_staff

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
PHONE = "13900001234"


class Family:
    """A mother with her own phone, a daughter who has none yet, a worker of their village."""

    def __init__(self, session):
        self.mother = make_resident(session, name="李秀英").id
        account = make_account(session)
        grants.let_sign_in(session, self.mother, phone=account.phone)
        self.mothers_token = make_sign_in(session, account=account)
        self.stranger = make_resident(session, village_code=OTHER_COUNTY_VILLAGE).id
        worker = make_staff(session, "community_worker", division_code="140502001")
        self.worker = make_sign_in(session, staff=worker)


@pytest.fixture
def family(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        return Family(session)


def act_as(token, do, *, resident=None, face=Face.PHONE):
    with (
        acting(Act(face, "tests", "test", token=token, for_resident_id=resident)),
        sessions.transaction() as session,
    ):
        return do(session)


def bind(session, resident_id, **given):
    values = {
        "phone": PHONE,
        "holder_name": "王丽",
        "relation": Relation.CHILD,
        "scopes": [HelperScope.BOOK_MEALS],
    } | given
    return grants.bind_helper(session, resident_id, **values)


def sign_in_daughter():
    return as_platform(lambda s: make_sign_in(s, account=open_account(s, phone=PHONE)))


def as_platform(do):
    with acting(PLATFORM), sessions.transaction() as session:
        return do(session)


def may(session, resident_id, scope):
    try:
        grants.check_may(session, resident_id, scope)
    except (NotFound, OutsideScope) as refusal:
        return type(refusal).__name__
    return True


def test_a_helper_bound_at_the_window_may_do_what_was_said_and_no_more(own_city, family):
    act_as(family.worker, lambda s: bind(s, family.mother), resident=family.mother)
    daughter = sign_in_daughter()

    answers = act_as(
        daughter, lambda s: {scope: may(s, family.mother, scope) for scope in HelperScope}
    )

    assert answers == {
        HelperScope.BOOK_MEALS: True,
        HelperScope.SEE_VISITS: "OutsideScope",
        HelperScope.APPLY: "OutsideScope",
        HelperScope.SEE_HEALTH: "OutsideScope",
    }


def test_a_resident_names_and_dismisses_her_helper_by_herself(own_city, family):
    given = act_as(family.mothers_token, lambda s: bind(s, family.mother))
    daughter = sign_in_daughter()
    assert act_as(daughter, lambda s: may(s, family.mother, HelperScope.BOOK_MEALS)) is True

    act_as(family.mothers_token, lambda s: grants.dismiss_helper(s, family.mother, given.id))
    act_as(family.mothers_token, lambda s: grants.dismiss_helper(s, family.mother, given.id))

    assert act_as(daughter, lambda s: may(s, family.mother, HelperScope.BOOK_MEALS)) == "NotFound"


def test_what_was_taken_back_can_be_given_again_on_the_same_day(own_city, family):
    first = act_as(family.mothers_token, lambda s: bind(s, family.mother))
    act_as(family.mothers_token, lambda s: grants.dismiss_helper(s, family.mother, first.id))

    again = act_as(family.mothers_token, lambda s: bind(s, family.mother))

    assert (again.id, again.ends_on) == (first.id, None)


def test_the_same_phone_is_not_bound_twice(own_city, family):
    act_as(family.mothers_token, lambda s: bind(s, family.mother))

    with pytest.raises(AlreadyHelps):
        act_as(family.mothers_token, lambda s: bind(s, family.mother))


def test_a_helper_names_no_further_helper_and_nobody_helps_a_stranger(own_city, family):
    act_as(family.mothers_token, lambda s: bind(s, family.mother))
    daughter = sign_in_daughter()

    for token, resident in (
        (daughter, family.mother),
        (family.mothers_token, family.stranger),
        (family.worker, family.stranger),
    ):
        with pytest.raises(DBAPIError, match="row-level security"):
            act_as(token, lambda s, r=resident: bind(s, r, phone="13900009999"))


def test_a_helper_until_a_day_helps_until_the_day_before(own_city, family):
    tomorrow = clock.today() + timedelta(days=1)
    act_as(family.worker, lambda s: bind(s, family.mother, ends_on=tomorrow))
    daughter = sign_in_daughter()

    assert act_as(daughter, lambda s: may(s, family.mother, HelperScope.BOOK_MEALS)) is True


def test_one_s_own_sign_in_is_not_dismissed_as_a_helper(own_city, family):
    def try_it(session):
        (own,) = grants.list_helpers(session, family.mother)
        assert own.kind is GrantKind.SELF
        grants.dismiss_helper(session, family.mother, own.id)

    with pytest.raises(NotFound):
        act_as(family.mothers_token, try_it)


def test_the_list_says_who_did_what(own_city, family):
    act_as(family.worker, lambda s: bind(s, family.mother), resident=family.mother)
    daughter = sign_in_daughter()
    act_as(daughter, lambda s: None, resident=family.mother)
    act_as(family.mothers_token, lambda s: None, resident=family.mother)

    acts = act_as(
        family.worker,
        lambda s: grants.list_acts_for(s, family.mother, limit=10),
        face=Face.CONSOLE,
    )

    told = [(act.kind, act.holder_name, act.relation, act.staff_name) for act in acts]
    assert told == [
        (GrantKind.SELF, "", None, None),
        (GrantKind.HELPER, "王丽", Relation.CHILD, None),
        (None, None, None, "王主任"),
    ]


def test_a_window_knows_its_helpers_phones_and_no_others(own_city, family):
    act_as(family.worker, lambda s: bind(s, family.mother))
    elsewhere = as_platform(
        lambda s: make_sign_in(
            s, staff=make_staff(s, "community_worker", division_code="140521100")
        )
    )

    def phones(session):
        return {row.phone for row in grants.list_helpers(session, family.mother)}

    assert "+86" + PHONE in act_as(family.worker, phones)
    assert act_as(elsewhere, phones) == set()
