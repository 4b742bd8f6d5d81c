"""The register of sites is kept: facts, papers, stars, prices, photos."""

from datetime import timedelta

import pytest

from server import clock
from server.errors import NotFound
from server.files.queries import find_content
from server.providers import details, service
from server.providers.errors import (
    DetailExists,
    PositionOutsideCity,
    StarOverlaps,
    TooManyPhotos,
    UsccUnusable,
)
from server.providers.models import (
    CareService,
    CreditStatus,
    OpeningState,
    PaperKind,
    PriceItem,
    Site,
    SitePaper,
    SitePrice,
    SiteStar,
)
from server.providers.queries import list_photos
from server.providers.rules import MOST_PHOTOS
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site
from tests.factories.pictures import picture

TODAY = clock.today()
YEAR = timedelta(days=365)
USCC, OTHER_USCC = "91110000600037341L", "91350100M000100Y43"


@pytest.fixture
def site(session):
    return make_site(session, name="桑榆里养老院")


def paper(**given):
    values = {"kind": PaperKind.FIRE, "number": "晋消验 12", "issuer": "消防救援支队"}
    return values | {"starts_on": TODAY - YEAR, "ends_on": TODAY + timedelta(days=30)} | given


def star(stars, since, until):
    return {"stars": stars, "document": "", "starts_on": since, "ends_on": until}


def test_a_site_says_where_it_is_and_what_it_offers(session, site):
    service.change_site(
        session, site.id, {"x": 112.85, "y": 35.49, "services": [CareService.DEMENTIA.value]}
    )
    session.expire_all()

    kept = session.get(Site, site.id)
    assert (kept.x, kept.y, kept.services) == (112.85, 35.49, ["dementia"])


def test_a_point_in_another_city_is_refused(session, site):
    with pytest.raises(PositionOutsideCity):
        service.change_site(session, site.id, {"x": 116.4, "y": 39.9})


def test_who_runs_a_site_is_found_by_the_credit_code(session, site):
    first = service.name_provider(session, site.id, provider_of("甲养老服务中心", USCC))
    second = make_site(session)

    same = service.name_provider(session, second.id, provider_of("甲养老服务中心", USCC))

    assert first.id == same.id
    assert same.credit_status is CreditStatus.GOOD


def provider_of(name, uscc):
    return {"name": name, "uscc": uscc, "credit_status": CreditStatus.GOOD}


def test_another_code_is_another_organisation(session, site):
    first = service.name_provider(session, site.id, provider_of("甲养老服务中心", USCC))
    other = service.name_provider(session, site.id, provider_of("乙养老服务中心", OTHER_USCC))

    assert other.id != first.id
    assert session.get(Site, site.id).provider_id == other.id


def test_a_wrong_credit_code_is_refused(session, site):
    with pytest.raises(UsccUnusable):
        service.name_provider(session, site.id, provider_of("甲养老服务中心", USCC[:-1] + "X"))


def test_a_site_has_one_star_level_a_day(session, site):
    service.note_detail(session, SiteStar, site.id, star(3, TODAY - YEAR, TODAY))
    service.note_detail(session, SiteStar, site.id, star(4, TODAY, TODAY + YEAR))

    with pytest.raises(StarOverlaps):
        service.note_detail(
            session, SiteStar, site.id, star(5, TODAY - timedelta(days=1), TODAY + YEAR)
        )
    assert details.stars_on(session, site.id, on=TODAY - timedelta(days=1)) == 3
    assert details.stars_on(session, site.id, on=TODAY) == 4
    assert details.stars_on(session, site.id, on=TODAY + YEAR) is None


def test_one_price_an_item_and_day(session, site):
    price = {"item": PriceItem.BED, "lowest_fen": 100000, "highest_fen": 200000, "starts_on": TODAY}
    service.note_detail(session, SitePrice, site.id, price)

    with pytest.raises(DetailExists):
        service.note_detail(session, SitePrice, site.id, price | {"highest_fen": 300000})


def test_a_paper_is_put_right_and_taken_out_with_its_picture(session, site):
    noted = service.note_detail(session, SitePaper, site.id, paper())
    service.add_scan(session, site.id, noted.id, picture())
    first = noted.file_id
    service.add_scan(session, site.id, noted.id, picture(mark=2))
    service.correct_detail(session, SitePaper, site.id, noted.id, paper(number="晋消验 13"))
    second, noted_id = noted.file_id, noted.id
    assert find_content(session, first) is None
    assert find_content(session, second) is not None

    service.remove_detail(session, SitePaper, site.id, noted_id)

    assert find_content(session, second) is None
    assert details.list_details(session, SitePaper, site.id) == []


def test_another_site_s_paper_is_not_found(session, site):
    noted = service.note_detail(session, SitePaper, site.id, paper())

    with pytest.raises(NotFound):
        service.correct_detail(session, SitePaper, make_site(session).id, noted.id, paper())


def test_photos_keep_their_order_and_are_not_too_many(session, site):
    for number in range(MOST_PHOTOS):
        service.add_photo(session, site.id, picture(size=(20, 20)), caption=f"第 {number} 张")
    with pytest.raises(TooManyPhotos):
        service.add_photo(session, site.id, picture(size=(20, 20)))
    first = list_photos(session, site.id)[0]

    service.remove_photo(session, site.id, first.id)

    captions = [photo.caption for photo in list_photos(session, site.id)]
    assert captions == [f"第 {number} 张" for number in range(1, MOST_PHOTOS)]
    assert find_content(session, first.file_id) is None


class TestWhatEndsSoon:
    def ending(self, session, prefixes=("1405",), site_ids=()):
        until = TODAY + timedelta(days=90)
        rows = details.list_expiring(session, details.Expiring(prefixes, site_ids, until))
        return [(row.site_id, row.what, row.number) for row in rows]

    def test_the_soonest_first_and_nothing_that_lasts(self, session, site):
        service.note_detail(session, SitePaper, site.id, paper())
        gone = {"kind": PaperKind.FOOD, "number": "F1", "ends_on": TODAY - timedelta(days=3)}
        service.note_detail(session, SitePaper, site.id, paper(**gone))
        lasting = {"kind": PaperKind.FILING, "ends_on": None}
        service.note_detail(session, SitePaper, site.id, paper(**lasting))
        later = {"kind": PaperKind.MEDICAL, "ends_on": TODAY + YEAR}
        service.note_detail(session, SitePaper, site.id, paper(**later))
        service.note_detail(
            session, SiteStar, site.id, star(3, TODAY - YEAR, TODAY + timedelta(days=60))
        )

        assert self.ending(session) == [
            (site.id, "food", "F1"),
            (site.id, "fire", "晋消验 12"),
            (site.id, "star", "3"),
        ]

    def test_a_paper_that_was_renewed_is_not_listed(self, session, site):
        service.note_detail(session, SitePaper, site.id, paper())
        service.note_detail(
            session, SitePaper, site.id, paper(number="晋消验 99", ends_on=TODAY + YEAR)
        )

        assert self.ending(session) == []

    def test_of_one_s_own_reach_and_of_sites_that_are_not_closed(self, session, site):
        elsewhere = make_site(session, division_code=OTHER_COUNTY_VILLAGE)
        closed = make_site(session, opening_state=OpeningState.CLOSED)
        for one in (site, elsewhere, closed):
            service.note_detail(session, SitePaper, one.id, paper())

        assert [row[0] for row in self.ending(session, ("140502",))] == [site.id]
        assert [row[0] for row in self.ending(session, (), (elsewhere.id,))] == [elsewhere.id]
