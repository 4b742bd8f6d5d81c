"""What becomes of a claim is told to the clerk who wrote it down, and to whom it is about."""

import pytest
from sqlmodel import select

from server.identity.models import Role
from server.notifications.models import Contact, Message
from server.residents.grants import bind_account, dismiss_helper
from server.residents.models import HelperScope, Relation
from server.subsidies.claims import deciding
from server.subsidies.claims.asking import begin_claim, hand_in
from server.subsidies.claims.looking import look
from server.subsidies.claims.models import Claimant, SubsidyClaim
from server.subsidies.claims.writing import wanted_of
from tests.factories.assessments import Office
from tests.factories.caregivers import make_caregiver
from tests.factories.claims import COUNTY, JANUARY, STAGES, in_february, make_claimed
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_resident
from tests.factories.subsidies import make_run


@pytest.fixture(autouse=True)
def february():
    with in_february():
        yield


@pytest.fixture
def elder(session):
    return make_resident(session, name="李秀英", phone=None)


@pytest.fixture
def window(session, elder):
    """The community worker who writes claims down for her."""
    worker = Office(session, Role.COMMUNITY_WORKER, elder.village_code)
    worker.staff.phone = "+8613900000011"
    return worker


@pytest.fixture
def county(session):
    return Office(session, Role.COUNTY_OFFICER, COUNTY)


@pytest.fixture
def claim_id(session, elder, window, county):
    """Handed in at the window."""
    version = make_claimed(session, by="resident", evidence=(), stages=STAGES[1:2])
    make_run(session, [{"resident_id": elder.id}], version=version)
    return begun(session, window, Claimant.RESIDENT, elder.id)


def begun(session, office, claimant, claimant_id):
    session.commit()
    with office.at_work() as entered:
        claim = begin_claim(
            entered, claimant=claimant, claimant_id=claimant_id, programme="facility_operation",
            first_month=JANUARY,
        )  # fmt: skip
        return hand_in(entered, claim.id).id


def decide(session, county, claim_id, word="accept"):
    session.commit()
    with county.at_work() as entered:
        if word == "accept":
            claim = entered.get(SubsidyClaim, claim_id)
            seen = look(entered, wanted_of(entered, [claim])[0]).digest.hex()
            deciding.let_through(entered, claim_id, seen=seen)
        else:
            say_no = {"return": deciding.give_back, "refuse": deciding.refuse}[word]
            say_no(entered, claim_id, words="照片看不清")


def told(session):
    query = select(Message.kind, Contact.phone).where(Message.contact_id == Contact.id)
    rows = session.exec(query.order_by(Contact.phone)).all()
    return {tuple(row) for row in rows if row[0].startswith("subsidies.")}


@pytest.mark.parametrize(
    ("word", "kind"),
    [("accept", "claim_decided"), ("return", "claim_returned"), ("refuse", "claim_refused")],
)
def test_the_clerk_and_the_elder_hear_of_it(session, elder, window, county, claim_id, word, kind):
    own = make_account(session, elder)
    decide(session, county, claim_id, word)

    news = f"subsidies.{kind}"
    assert told(session) == {(news, "+8613900000011"), (news, own.phone)}


def test_an_elder_without_the_app_is_written_to_by_her_number(session, elder, county, claim_id):
    elder.phone = "+8613900000022"
    decide(session, county, claim_id)

    assert ("subsidies.claim_decided", "+8613900000022") in told(session)


def test_a_daughter_hears_while_her_scope_reaches(session, elder, window, county, claim_id):
    may_ask, may_book, may_no_more = (make_account(session) for _ in range(3))
    daughter = {"holder_name": "王丽", "relation": Relation.CHILD}
    scopes = [(may_ask, "apply"), (may_book, "book_meals"), (may_no_more, "apply")]
    for account, scope in scopes:
        made = bind_account(session, elder.id, account.id, **daughter, scopes=[HelperScope(scope)])
    dismiss_helper(session, elder.id, made.id)
    decide(session, county, claim_id)

    assert {phone for _, phone in told(session)} == {"+8613900000011", may_ask.phone}


def test_a_caregiver_hears_of_what_her_employer_claimed(session, county):
    site = make_site(session)
    account = make_account(session)
    caregiver = make_caregiver(session, site, account_id=account.id)
    version = make_claimed(
        session, by="caregiver", beneficiary="caregiver", payee="caregiver", evidence=(),
        stages=STAGES[1:2],
    )  # fmt: skip
    make_run(session, [{"caregiver_id": caregiver.id, "site_id": site.id}], version=version)
    operator = Office(session, Role.FACILITY_OPERATOR, site_id=site.id)
    claim_id = begun(session, operator, Claimant.CAREGIVER, caregiver.id)
    decide(session, county, claim_id)

    assert ("subsidies.claim_decided", account.phone) in told(session)
