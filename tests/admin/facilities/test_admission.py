"""showAdmission, introducePerson, takeIn, takeNewcomerIn: who it is, and into which bed."""

import pytest
from sqlalchemy import func, select

from server import clock
from server.facilities.models import Stay, StayStatus
from server.identity.models import Role
from server.residents.models import CareLink, Resident, ResidentContact
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.cities import OTHER_COUNTY_VILLAGE, VILLAGE
from tests.factories.facilities import make_bed
from tests.factories.people import an_id_number, make_resident

NUMBER = an_id_number(777)
OTHER_NUMBER = an_id_number(778)


class TestPage(OpensFor):
    roles = {Role.FACILITY_OPERATOR}

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}/admissions/new"


class TestIntroduction(AcceptsFrom):
    roles = {Role.FACILITY_OPERATOR}

    @pytest.fixture
    def address(self, home):
        return f"/beds/{home.id}/admissions/introductions"


@pytest.fixture
def li(session):
    """She lives in another county: a home may take in anybody of the city."""
    return make_resident(
        session, name="李秀英", id_number=NUMBER, village_code=OTHER_COUNTY_VILLAGE
    )


@pytest.fixture
def look_up(operator, home, beds):
    def look_up(name="李秀英", number=NUMBER):
        form = {"name": name, "id_number": number, "bed": beds[0].id}
        return operator.post(f"/beds/{home.id}/admissions/introductions", form)

    return look_up


@pytest.fixture
def newcomer(beds):
    """What the page sends for somebody whom the register lacks."""
    return {
        "name": "周长青",
        "id_number": OTHER_NUMBER,
        "phone": "19900008888",
        "village_code": VILLAGE,
        "contact_name": "周明",
        "contact_phone": "19900008889",
        "contact_relation": "child",
        "bed": beds[0].id,
        "deed": "admit",
    }


def stays(session):
    return session.execute(select(Stay).order_by(Stay.id)).scalars().all()


def links(session, home):
    query = select(func.count()).select_from(CareLink).where(CareLink.site_id == home.id)
    return session.execute(query).scalar_one()


def test_name_and_number_find_one_person_whom_the_home_then_knows(
    operator, look_up, li, home, beds
):
    answer = look_up()
    page = operator.get(answer.headers["Location"].removeprefix("/admin")).text

    assert answer.status_code == 303
    assert f"resident={li.id}" in answer.headers["Location"]
    assert f"bed={beds[0].id}" in answer.headers["Location"]
    assert "李秀英" in page
    assert beds[0].label in page


def test_before_that_the_home_knows_nobody(operator, session, li, home):
    assert operator.get(f"/beds/{home.id}/admissions/new?resident={li.id}").status_code == 404
    answer = operator.post(
        f"/beds/{home.id}/admissions/residents/{li.id}", {"bed": 1, "deed": "admit"}
    )
    assert answer.status_code == 404


def test_a_name_that_is_not_that_of_the_number_tells_nothing_more(look_up, session, li, home):
    answer = look_up(name="王建国")

    assert answer.status_code == 409
    assert "李秀英" not in answer.text
    assert links(session, home) == 0


def test_a_number_with_a_wrong_digit_is_refused_and_kept_in_the_field(look_up):
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    answer = look_up(number=wrong)

    assert answer.status_code == 422
    assert wrong in answer.text


@pytest.mark.parametrize(("deed", "status"), [("admit", StayStatus.STAYING), ("hold", "held")])
def test_the_person_is_taken_in_or_the_bed_held(
    operator, look_up, session, li, home, beds, deed, status
):
    look_up()
    form = {"bed": beds[0].id, "deed": deed, "note": "女儿陪同"}
    answer = operator.post(f"/beds/{home.id}/admissions/residents/{li.id}", form)

    assert answer.headers["Location"] == f"/admin/beds/{home.id}/beds/{beds[0].id}"
    [stay] = stays(session)
    assert (stay.resident_id, stay.status, stay.note) == (li.id, status, "女儿陪同")


def test_the_act_is_for_the_person_taken_in(operator, look_up, session, li, home, beds):
    look_up()
    operator.post(
        f"/beds/{home.id}/admissions/residents/{li.id}", {"bed": beds[0].id, "deed": "admit"}
    )

    acts = session.connection().exec_driver_sql(
        "SELECT action FROM act WHERE for_resident_id = %(li)s", {"li": li.id}
    )
    assert "beds_admission.take_in" in acts.scalars().all()


def test_a_refusal_keeps_person_bed_and_note(operator, look_up, session, li, home, beds):
    look_up()
    form = {"bed": beds[0].id, "deed": "admit", "day": "2020-01-01", "note": "女儿陪同"}
    answer = operator.post(f"/beds/{home.id}/admissions/residents/{li.id}", form)

    assert answer.status_code == 422
    for kept in ("李秀英", "女儿陪同", "2020-01-01"):
        assert kept in answer.text
    assert stays(session) == []


def test_a_bed_of_another_home_is_not_found(operator, look_up, session, li, home):
    look_up()
    form = {"bed": make_bed(session).id, "deed": "admit"}
    answer = operator.post(f"/beds/{home.id}/admissions/residents/{li.id}", form)

    assert (answer.status_code, stays(session)) == (404, [])


def test_whom_the_register_lacks_is_asked_for_on_the_same_page(look_up):
    answer = look_up(name="周长青", number=OTHER_NUMBER)

    assert answer.status_code == 404
    for asked in ("周长青", OTHER_NUMBER, "contact_phone", "village_code"):
        assert asked in answer.text


def test_a_newcomer_is_registered_and_taken_in_at_once(operator, session, home, beds, newcomer):
    answer = operator.post(f"/beds/{home.id}/admissions/newcomers", newcomer)

    assert answer.status_code == 303
    [stay] = stays(session)
    zhou = session.get(Resident, stay.resident_id)
    assert (zhou.name, zhou.phone, zhou.born_on.year) == ("周长青", "+8619900008888", 1944)
    contact = session.execute(select(ResidentContact)).scalar_one()
    assert (contact.resident_id, contact.name, contact.is_emergency) == (zhou.id, "周明", True)


def test_who_is_not_taken_in_is_not_registered_either(operator, session, home, beds, newcomer):
    before = session.execute(select(func.count()).select_from(Resident)).scalar_one()

    answer = operator.post(
        f"/beds/{home.id}/admissions/newcomers", newcomer | {"day": "2020-01-01"}
    )

    assert answer.status_code == 422
    assert session.execute(select(func.count()).select_from(Resident)).scalar_one() == before
    assert links(session, home) == 0


def test_somebody_alike_sends_the_family_to_the_window(operator, session, home, newcomer):
    make_resident(session, name="周长青", id_number=None, village_code=VILLAGE)

    answer = operator.post(f"/beds/{home.id}/admissions/newcomers", newcomer)

    assert answer.status_code == 409
    assert "社区窗口" in answer.text
    assert stays(session) == []


def test_who_is_registered_is_not_registered_again(operator, session, home, li, newcomer):
    answer = operator.post(
        f"/beds/{home.id}/admissions/newcomers", newcomer | {"id_number": NUMBER}
    )

    assert answer.status_code == 409
    assert stays(session) == []


def test_without_an_id_number_nobody_is_registered_by_a_home(operator, home, newcomer):
    answer = operator.post(f"/beds/{home.id}/admissions/newcomers", newcomer | {"id_number": ""})

    assert answer.status_code == 422


def test_what_was_looked_up_is_forgotten_the_next_day(look_up, session, li, home):
    look_up()
    link = session.execute(select(CareLink).where(CareLink.site_id == home.id)).scalar_one()

    assert (link.ends_on - clock.today()).days == 1
