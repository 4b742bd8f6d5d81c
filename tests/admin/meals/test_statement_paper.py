"""The statement on paper, and whether a paper is true."""

import io
import re
from types import SimpleNamespace

import pytest
from pypdf import PdfReader
from sqlmodel import select

from admin.meals.settlement import paper_views
from server.identity.models import Role
from server.meals.settlement import service
from server.meals.settlement.models import MealSettlement
from tests.factories.eaten import Kitchen


@pytest.fixture
def address(session):
    kitchen = Kitchen(session)
    kitchen.eaten()
    service.draw_up(session, [kitchen.site_id], kitchen.month)
    session.commit()
    query = select(MealSettlement.id).where(MealSettlement.site_id == kitchen.site_id)
    return f"/meals/settlements/{session.execute(query).scalar_one()}"


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


def words_of(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_statement_is_a_paper_that_can_be_checked(address, county):
    answer = county.get(f"{address}/statement.pdf")
    told = words_of(answer.data)
    [digest] = re.findall(r"[0-9a-f]{64}", told.replace("\n", ""))

    assert answer.content_type == "application/pdf"
    assert "6.00" in told  # three of subsidy, three for the person-day
    assert "一致" in county.get(f"{address}/check?digest={digest}").text
    assert "不一致" in county.get(f"{address}/check?digest={digest[::-1]}").text
    assert county.get(f"{address}/statement.pdf").data == answer.data


def test_a_paper_stays_true_whatever_stage_it_goes_to(session, address, county, sit_down):
    before = words_of(county.get(f"{address}/statement.pdf").data)
    query = select(MealSettlement.site_id)
    canteen = sit_down(Role.CANTEEN_STAFF, site_id=session.execute(query).scalars().first())
    assert canteen.post(f"{address}/confirmation", {}).status_code == 303

    [digest] = re.findall(r"[0-9a-f]{64}", before.replace("\n", ""))
    assert "与平台一致" in county.get(f"{address}/check?digest={digest}").text


@pytest.mark.parametrize(
    ("origin", "begins"),
    [
        ("https://yinling.example.cn", "https://yinling.example.cn/meals/settlements/7/check?"),
        ("", "http://10.0.0.7:8000/meals/settlements/7/check?"),
    ],
)
def test_its_code_leads_to_the_consoles_own_address(app, monkeypatch, origin, begins):
    monkeypatch.setattr(paper_views, "settings", lambda: SimpleNamespace(origin=origin))
    statement = SimpleNamespace(settlement=SimpleNamespace(id=7), digest="ab")

    with app.test_request_context(
        "/meals/settlements/7/statement.pdf", base_url="http://10.0.0.7:8000"
    ):
        assert paper_views._check(statement).address.startswith(begins)


def test_nobody_prints_the_paper_of_another_county(address, sit_down):
    other = sit_down(Role.COUNTY_OFFICER, division_code="140521")

    for page in ("statement.pdf", "check"):
        assert other.get(f"{address}/{page}").status_code == 404
