"""Notices by HTTP from the sandbox: believed once, and kept whatever they were worth."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from infra.payment_providers.signing import signed
from server import clock
from server.payments import noticing
from server.payments.errors import NoticeForged
from server.payments.models import PaymentNotice, PaymentState, Verdict
from server.payments.noticing import take_notice
from tests.factories.payments import KEY, make_payment, place


@pytest.fixture
def payment(session, sandbox, elder, canteen):
    return make_payment(session, elder, canteen)


@pytest.fixture
def letter(sandbox, payment):
    """The notice of a payment that was paid on the sandbox's page."""
    assert sandbox.press(place(sandbox, payment)) == (303, "/app/top-ups/1")
    return sandbox.letter()


def tell(session, sandbox, letter):
    headers, body = letter
    named = {name: headers.get(name, "") for name in sandbox.provider.signed_headers}
    return take_notice(session, sandbox.provider, named, body)


def kept(session):
    rows = session.execute(
        select(PaymentNotice.verdict, PaymentNotice.times).order_by(PaymentNotice.id)
    )
    return [tuple(row) for row in rows]


def forged(letter, **given):
    """The same notice with other words, signed by somebody without the key."""
    headers, body = letter
    told = json.dumps(json.loads(body) | given).encode()
    return {**headers, **signed(b"another key", told)}, told


def truly(letter, **given):
    """The same notice with other words, under the provider's own signature."""
    headers, body = letter
    told = json.dumps(json.loads(body) | given).encode()
    return {**headers, **signed(KEY, told)}, told


def test_a_notice_settles_its_payment(session, sandbox, payment, letter):
    assert tell(session, sandbox, letter) is Verdict.TAKEN
    assert payment.state is PaymentState.PAID
    assert kept(session) == [("taken", 1)]


def test_the_same_notice_again_is_a_replay_and_one_row(session, sandbox, payment, letter):
    tell(session, sandbox, letter)

    assert [tell(session, sandbox, letter) for _ in range(3)] == [Verdict.REPLAYED] * 3
    assert kept(session) == [("taken", 4)]


def test_told_twice_by_the_provider_it_is_known(session, sandbox, payment, letter):
    tell(session, sandbox, letter)

    assert tell(session, sandbox, truly(letter)) is Verdict.KNOWN
    assert kept(session) == [("taken", 1), ("known", 1)]


def test_a_forged_notice_is_kept_and_moves_nothing(session, sandbox, payment, letter):
    assert tell(session, sandbox, forged(letter)) is Verdict.FORGED
    assert (payment.state, kept(session)) == (PaymentState.OPENED, [("forged", 1)])


def test_a_flood_of_forged_notices_fills_no_table(session, sandbox, letter, monkeypatch):
    monkeypatch.setattr(noticing, "FORGED_AN_HOUR", 2)

    for number in range(2):
        assert tell(session, sandbox, forged(letter, amount_fen=number)) is Verdict.FORGED
    for number in range(2, 4):
        with pytest.raises(NoticeForged):
            tell(session, sandbox, forged(letter, amount_fen=number))
    assert len(kept(session)) == 2


def test_words_changed_under_a_true_signature_are_forged(session, sandbox, payment, letter):
    headers, body = letter

    assert tell(session, sandbox, (headers, body.replace(b"5000", b"9000"))) is Verdict.FORGED


def test_an_old_notice_is_stale(session, sandbox, payment, letter):
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        assert tell(session, sandbox, letter) is Verdict.STALE
    assert payment.state is PaymentState.OPENED


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"amount_fen": 500_000}, Verdict.WRONG_AMOUNT),
        ({"number": "T261123FFFFFFFFFFFFFFFF"}, Verdict.UNKNOWN),
    ],
)
def test_a_true_notice_of_something_else_is_refused(
    session, sandbox, payment, letter, given, verdict
):
    assert tell(session, sandbox, truly(letter, **given)) is verdict
    assert (payment.state, kept(session)) == (PaymentState.OPENED, [(verdict.value, 1)])


@pytest.mark.parametrize(
    "broken",
    [b"", b"{", b"[]", b'{"number": 1}', b'{"outcome": "x"}', b"\xff\x00"],
    ids=range(6),
)
def test_nonsense_is_forged_also_with_a_true_signature(session, sandbox, broken):
    assert tell(session, sandbox, (signed(KEY, broken), broken)) is Verdict.FORGED
