"""getRenovation"""

from tests.factories.people import make_resident
from tests.factories.renovations import PRICE_FEN, Renewal
from tests.mobile_api.refusals import refusal


def test_it_says_what_the_city_pays_and_what_is_left_to_pay(phone, renewal):
    renewal.to("consent")

    one = phone.get(f"/v1/renovations/{renewal.id}").json
    quote = one["quote"]
    assert quote["cost_fen"] == 3 * PRICE_FEN == quote["grant_fen"] + quote["own_pay_fen"]
    assert [line["item_name"] for line in quote["lines"]] == ["扶手", "床边护栏"]
    assert {picture["phase"] for picture in one["pictures"]} == {"before"}
    assert [step["state"] for step in one["steps"] if step["is_now"]] == ["consent"]


def test_somebody_elses_home_is_not_found(phone, session, renewal):
    other = Renewal(session, renewal.offices, make_resident(session), address="建设路99号")
    other.to("applied")

    assert refusal(phone.get(f"/v1/renovations/{other.id}")) == (404, "not-found")
