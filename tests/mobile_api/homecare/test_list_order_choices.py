"""listOrderChoices"""


def test_it_names_services_with_prices_and_who_provides_them(phone, site):
    shown = phone.get("/v1/care-order-choices").json
    prices = {one["code"]: (one["name"], one["price_fen"]) for one in shown["services"]}

    assert prices["bathing"] == ("助浴", 8000)
    assert [one["name"] for one in shown["providers"]] == ["安康居家"]
