"""previewClosing"""

from server.residents.models import GrantKind
from server.residents.service import grant
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import LONG_AGO, make_sign_in
from tests.mobile_api.refusals import refusal


def test_it_counts_what_would_end(phone, session, resident, account, neighbour):
    phone.book(make_sitting(session, make_canteen(session)), resident)
    make_sign_in(session, account=account)
    grant(
        session,
        account_id=account.id,
        resident_id=neighbour.id,
        kind=GrantKind.HELPER,
        starts_on=LONG_AGO,
    )

    assert phone.get("/v1/me/closing").json == {
        "devices": 2,
        "helped": 1,
        "bookings": 1,
        "phone_kept_days": 180,
    }


def test_nobody_asks_without_signing_in(stranger):
    assert refusal(stranger.get("/v1/me/closing")) == (401, "sign-in-needed")
