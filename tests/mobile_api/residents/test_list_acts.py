"""listActs: what was done for oneself, and by whom."""

from tests.factories.meals import make_canteen, make_sitting


def test_what_was_done_is_told_with_who_did_it(phone, helpers_phone, session, resident):
    helpers_phone.book(make_sitting(session, make_canteen(session)), resident)
    phone.book(make_sitting(session, make_canteen(session), in_days=3), resident)

    acts = phone.get(f"/v1/residents/{resident.id}/acts?limit=1").json
    rest = phone.get(f"/v1/residents/{resident.id}/acts?cursor={acts['next_cursor']}").json

    told = [(one["deed"], one["by"]) for one in acts["items"] + rest["items"]]
    assert told == [("订餐", "self"), ("订餐", "helper")]
