"""What is done on a bed's card: each deed, its refusals in place, and nobody else's beds."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server import clock
from server.facilities.models import Bed, BedOccupancy, BedState, Stay, StayStatus
from server.facilities.stays.admitting import admit
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.moving import go_on_leave, go_to_hospital
from server.identity.models import Role
from tests.admin.belonging import AcceptsFrom
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident

TODAY = clock.today()
PART = {"HX-Request": "true"}


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def li(session):
    return make_resident(session, name="李秀英")


@pytest.fixture
def stay(session, beds, li):
    return admit(session, bed_id=beds[0].id, resident_id=li.id, admitted_on=ago(5))


def state_of(session, bed):
    """What takes the bed today, None for a free one."""
    return session.execute(
        select(BedOccupancy.state).where(
            BedOccupancy.bed_id == bed.id,
            BedOccupancy.superseded_at.is_(None),
            BedOccupancy.starts_on <= TODAY,
            BedOccupancy.ends_on.is_(None) | (BedOccupancy.ends_on > TODAY),
        )
    ).scalar_one_or_none()


def again(session, model, key):
    session.expire_all()
    return session.get(model, key)


class TestLeave(AcceptsFrom):
    roles = {Role.FACILITY_OPERATOR}

    @pytest.fixture
    def address(self, home, stay):
        return f"/beds/{home.id}/stays/{stay.id}/leave"


class TestCleaned(AcceptsFrom):
    roles = {Role.FACILITY_OPERATOR}

    @pytest.fixture
    def address(self, home, beds):
        return f"/beds/{home.id}/beds/{beds[0].id}/cleaned"


def test_whoever_was_expected_comes(operator, session, home, beds, li):
    held = hold_bed(session, bed_id=beds[0].id, resident_id=li.id, planned_on=TODAY)

    answer = operator.post(f"/beds/{home.id}/stays/{held.id}/admission", {"bed": beds[0].id})

    assert answer.headers["Location"] == f"/admin/beds/{home.id}/beds/{beds[0].id}"
    assert state_of(session, beds[0]) is BedState.OCCUPIED


def test_nobody_comes_and_the_bed_is_free(operator, session, home, beds, li):
    held = hold_bed(session, bed_id=beds[0].id, resident_id=li.id, planned_on=TODAY)

    operator.post(f"/beds/{home.id}/stays/{held.id}/cancellation", {"bed": beds[0].id})

    assert state_of(session, beds[0]) is None
    assert again(session, Stay, held.id).status is StayStatus.CANCELLED


def test_leave_and_back(operator, session, home, beds, stay):
    operator.post(f"/beds/{home.id}/stays/{stay.id}/leave", {"day": ago(2).isoformat()})
    on_leave = state_of(session, beds[0])
    operator.post(f"/beds/{home.id}/stays/{stay.id}/return", {"day": TODAY.isoformat()})

    assert on_leave is BedState.ON_LEAVE
    assert state_of(session, beds[0]) is BedState.OCCUPIED


def test_to_hospital_with_the_bed_and_without(operator, session, home, beds, stay):
    address = f"/beds/{home.id}/stays/{stay.id}/hospital"
    operator.post(address, {"day": ago(1).isoformat(), "keeps_bed": "yes"})
    kept = state_of(session, beds[0])
    operator.post(f"/beds/{home.id}/stays/{stay.id}/return", {"bed": beds[0].id})
    operator.post(address, {"bed": beds[0].id})

    assert kept is BedState.IN_HOSPITAL
    assert again(session, Stay, stay.id).status is StayStatus.AWAY


def test_back_from_hospital_into_another_bed(operator, session, home, beds, stay):
    go_to_hospital(session, stay.id, since=TODAY, keeps_bed=False)

    operator.post(f"/beds/{home.id}/stays/{stay.id}/return", {"into": beds[2].id})

    assert state_of(session, beds[2]) is BedState.OCCUPIED


def test_into_another_bed(operator, session, home, beds, stay):
    card = operator.post(
        f"/beds/{home.id}/stays/{stay.id}/move",
        {"into": beds[1].id, "bed": beds[0].id},
        **PART,
    )

    assert card.headers["HX-Trigger"] == "beds-changed"
    assert beds[1].label in card.text  # The card goes along with the person.
    assert "已换床。" in card.text
    assert (state_of(session, beds[0]), state_of(session, beds[1])) == (None, BedState.OCCUPIED)


def test_discharge_leaves_a_bed_to_be_cleaned(operator, session, home, beds, stay):
    card = operator.post(
        f"/beds/{home.id}/stays/{stay.id}/discharge",
        {"end_reason": "went_home", "bed": beds[0].id},
        **PART,
    )
    before = again(session, Bed, beds[0].id).left_uncleaned_at
    ready = operator.post(f"/beds/{home.id}/beds/{beds[0].id}/cleaned", **PART)

    assert "待打扫" in card.text
    assert before is not None
    assert "办理入住 / 预订" in ready.text
    assert again(session, Bed, beds[0].id).left_uncleaned_at is None


def test_out_of_use_and_back(operator, session, home, beds):
    address = f"/beds/{home.id}/beds/{beds[0].id}"
    operator.post(f"{address}/out-of-use", {"state": "closed", "reason": "装修"})
    closed = state_of(session, beds[0])
    operator.post(f"{address}/in-use")

    assert closed is BedState.CLOSED
    assert state_of(session, beds[0]) is None


def test_a_refusal_is_told_on_the_card_and_what_was_typed_stays(
    operator, session, home, beds, stay
):
    admit(session, bed_id=beds[1].id, resident_id=make_resident(session).id, admitted_on=TODAY)
    long_ago = ago(200).isoformat()

    taken = operator.post(
        f"/beds/{home.id}/stays/{stay.id}/move", {"into": beds[1].id, "bed": beds[0].id}, **PART
    )
    too_late = operator.post(
        f"/beds/{home.id}/stays/{stay.id}/leave", {"day": long_ago, "bed": beds[0].id}, **PART
    )

    assert taken.status_code == 409
    assert "没有" in taken.text or "已" in taken.text
    assert too_late.status_code == 422
    assert long_ago in too_late.text
    assert "李秀英" in too_late.text
    assert state_of(session, beds[0]) is BedState.OCCUPIED


@pytest.mark.parametrize(
    ("deed", "form"),
    [
        ("move", {}),
        ("move", {"into": "x"}),
        ("discharge", {}),
        ("discharge", {"end_reason": "vanished"}),
        ("leave", {"day": "yesterday"}),
        ("leave", {"colour": "red"}),
    ],
)
def test_what_cannot_be_read_changes_nothing(operator, session, home, beds, stay, deed, form):
    answer = operator.post(f"/beds/{home.id}/stays/{stay.id}/{deed}", form)

    assert answer.status_code == 422
    assert state_of(session, beds[0]) is BedState.OCCUPIED


def test_a_stay_that_was_changed_meanwhile_is_refused(operator, session, home, beds, stay):
    go_on_leave(session, stay.id, since=TODAY)

    answer = operator.post(f"/beds/{home.id}/stays/{stay.id}/leave", {"bed": beds[0].id}, **PART)

    assert answer.status_code == 409
    assert "返回" in answer.text  # The card shows how it is now.


def test_stays_and_beds_of_another_home_are_not_found(operator, session, home, sit_down, hire):
    bed = make_bed(session, site=make_site(session))
    far = admit(session, bed_id=bed.id, resident_id=make_resident(session).id, admitted_on=TODAY)

    for address in (
        f"/beds/{home.id}/stays/{far.id}/leave",
        f"/beds/{home.id}/beds/{bed.id}/cleaned",
        f"/beds/{bed.site_id}/beds/{bed.id}/cleaned",
        f"/beds/{bed.site_id}/stays/{far.id}/discharge",
    ):
        assert operator.post(address).status_code == 404


def test_nobody_is_moved_into_a_bed_of_another_home(operator, session, home, beds, stay):
    bed = make_bed(session, site=make_site(session))

    answer = operator.post(f"/beds/{home.id}/stays/{stay.id}/move", {"into": bed.id}, **PART)

    assert answer.status_code == 404
    assert state_of(session, beds[0]) is BedState.OCCUPIED
