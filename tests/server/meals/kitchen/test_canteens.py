"""How a canteen is set up."""

import pytest

from server.meals.kitchen.canteens import list_suppliers, set_account, set_up
from server.meals.kitchen.errors import SupplierUnfit
from server.meals.models import CanteenKind
from tests.factories.meals import make_canteen


def test_only_a_central_kitchen_cooks_for_others(session, canteen):
    plain = make_canteen(session)
    central = make_canteen(session, kind=CanteenKind.CENTRAL_KITCHEN)

    assert [row.id for row in list_suppliers(session, canteen.site_id)] == [central.site_id]
    with pytest.raises(SupplierUnfit):
        set_up(session, canteen.site_id, {"supplied_by_id": plain.site_id})
    set_up(session, canteen.site_id, {"supplied_by_id": central.site_id, "seats": 40})
    assert (canteen.supplied_by_id, canteen.seats) == (central.site_id, 40)


def test_an_account_is_sealed_and_its_last_four_are_shown(session, canteen):
    set_account(session, canteen.site_id, bank="农村信用社", account="6222020412345678")

    assert canteen.last_four == "5678"
    assert b"6222020412345678" not in bytes(canteen.account_cipher)
