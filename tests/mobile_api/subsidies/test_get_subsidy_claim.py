"""getSubsidyClaim: where it stands and what comes next, and only for whom it is about."""

from tests.mobile_api.subsidies.conftest import PAPER


def test_a_neighbour_reaches_nothing_of_it(neighbours_phone, begin, wish):
    there = f"/v1/subsidy-claims/{begin()['id']}"

    assert neighbours_phone.post("/v1/subsidy-claims", wish).status_code == 404
    assert neighbours_phone.get(there).status_code == 404
    for deed in ("handing-in", "withdrawal"):
        assert neighbours_phone.post(f"{there}/{deed}").status_code == 404
    assert neighbours_phone.post(f"{there}/papers", PAPER).status_code == 404


def stages(claim):
    return [(one["at"], one["office"], one["done_on"], one["is_now"]) for one in claim["stages"]]


def test_the_way_is_told_from_the_handing_in_to_the_money(phone, begin):
    made = begin()

    assert stages(made) == [
        ("handed_in", "", None, True),
        ("town", "东街街道", None, False),
        ("county", "城区民政局", None, False),
        ("city", "晋城市民政局", None, False),
        ("reckoned", "", None, False),
        ("notice", "", None, False),
        ("paid", "", None, False),
    ]
    assert made["stages"][-2]["days"] == 7


def test_what_is_behind_has_its_day(phone, begin):
    there = f"/v1/subsidy-claims/{begin()['id']}"
    phone.post(f"{there}/papers", PAPER)
    phone.post(f"{there}/handing-in")

    assert stages(phone.get(there).json)[:3] == [
        ("handed_in", "", "2026-02-10", False),
        ("town", "东街街道", None, True),
        ("county", "城区民政局", None, False),
    ]


def test_what_has_ended_has_no_way_left(phone, begin):
    there = f"/v1/subsidy-claims/{begin()['id']}"

    assert phone.post(f"{there}/withdrawal").json["stages"] == []
