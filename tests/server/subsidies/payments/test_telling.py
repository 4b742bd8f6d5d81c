"""Money that was paid, sent back or owed is told to the phones it concerns, and to no others."""

import pytest
from sqlmodel import select

from server import clock
from server.caregivers.models import PAYEE_FIELD
from server.notifications.models import Contact, Message
from server.notifications.service import unsealed
from server.residents.grants import bind_account
from server.residents.models import HelperScope, Relation
from server.secrets.fields import keyring
from server.subsidies.payments.making import make_batch
from tests.factories.caregivers import make_caregiver
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_resident
from tests.factories.subsidies import make_version
from tests.factories.subsidy_money import (
    answer,
    give_account,
    give_elder_account,
    make_budget,
    make_difference,
    make_payable,
    paid_to,
    payments_of,
    send_batch,
)

NAME = {"zh": "护理补贴", "en": "Care grant"}


@pytest.fixture
def elder(session):
    elder = make_resident(session, name="李秀英")
    give_elder_account(session, elder)
    return elder


@pytest.fixture
def version(session):
    return make_version(session, paid_to("resident", most_percent=30, name=NAME))


@pytest.fixture
def sent(session, elder, version):
    """300 yuan are on their way to her account."""
    run = make_payable(session, [{"resident_id": elder.id}], version=version)
    return run, send_batch(session, make_budget(session), run)


def helps(session, elder, scope, **given):
    """Return the account of somebody who may do that for her."""
    account = make_account(session)
    bind_account(session, elder.id, account.id, holder_name="王丽", relation=Relation.CHILD,
                 scopes=[scope], **given)  # fmt: skip
    return account


def told(session):
    """Return (kind, phone, facts) of every message of the outbox about subsidies."""
    query = select(Message, Contact).where(Message.contact_id == Contact.id)
    rows = session.exec(query.order_by(Message.id)).all()
    return [
        (message.kind, contact.phone, unsealed(message.facts_cipher))
        for message, contact in rows
        if message.kind.startswith("subsidies.")
    ]


def test_she_is_told_how_much_and_where_to(session, elder, sent):
    own = make_account(session, elder)
    answer(session, sent[1])

    facts = {"name": "李**", "programme": "护理补贴", "amount": "300.00", "account": "0019"}
    assert told(session) == [("subsidies.payment_paid", own.phone, facts)]


def test_the_same_answer_twice_is_told_once(session, elder, sent):
    make_account(session, elder)
    answer(session, sent[1])
    answer(session, sent[1])

    assert len(told(session)) == 1


def test_what_the_bank_sent_back_is_told(session, elder, sent):
    make_account(session, elder)
    answer(session, sent[1], failed=[one.id for one in payments_of(session, sent[1])])

    assert [kind for kind, _, _ in told(session)] == ["subsidies.payment_failed"]


def test_a_helper_hears_as_far_as_her_scope_reaches(session, elder, sent):
    asks = helps(session, elder, HelperScope.APPLY)
    helps(session, elder, HelperScope.BOOK_MEALS)
    helps(session, elder, HelperScope.APPLY, ends_on=clock.today())
    answer(session, sent[1])

    assert [phone for _, phone, _ in told(session)] == [asks.phone]


def test_a_site_is_told_by_nobody(session):
    site = make_site(session)
    give_account(session, site)
    version = make_version(session, paid_to("site"))
    run = make_payable(session, [{"site_id": site.id}], version=version)
    answer(session, send_batch(session, make_budget(session), run))

    assert told(session) == []


def test_what_is_owed_back_is_told(session, elder, version, sent):
    own = make_account(session, elder)
    run, batch = sent
    answer(session, batch)
    made = make_difference(session, run, 1, -20000, version, resident_id=elder.id)
    assert make_batch(session, budget_id=batch.budget_id, run_ids=[made.id]) is None

    facts = {"name": "李**", "programme": "护理补贴", "amount": "200.00"}
    assert told(session)[1:] == [("subsidies.owed_back", own.phone, facts)]


def test_a_caregiver_hears_of_her_own(session):
    account = make_account(session)
    number = "6228480000000000077"
    caregiver = make_caregiver(
        session, account_id=account.id, payee_bank="农村信用社",
        payee_cipher=keyring().encrypt(number, PAYEE_FIELD),
        payee_digest=keyring().digest(number, PAYEE_FIELD),
    )  # fmt: skip
    whole = paid_to("caregiver", beneficiary="caregiver", programme="post_allowance",
                    family="post_allowance", name=NAME)  # fmt: skip
    version = make_version(session, whole)
    run = make_payable(session, [{"caregiver_id": caregiver.id}], version=version)
    answer(session, send_batch(session, make_budget(session), run))

    [(_, phone, facts)] = told(session)
    assert (phone, facts["account"]) == (account.phone, "0077")
