"""listTrail, exportTrail: who changed what."""

import csv
import io

import pytest
from sqlalchemy import text

from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.identity.models import Role
from tests.admin.belonging import OpensFor
from tests.admin.page_lint import read
from tests.factories.people import make_resident, make_sign_in

OFFICES = {Role.AUDITOR}


class TestTrail(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/trail"


class TestExport(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self):
        return "/trail/export.csv"


@pytest.fixture
def auditor(sit_down):
    return sit_down(Role.AUDITOR)


@pytest.fixture
def elder(session):
    """Somebody who has moved house, entered by the platform."""
    elder = make_resident(session, name="赵大明", address="黄华街 7 号")
    session.flush()
    elder.address = "泽州路 9 号"
    session.flush()
    return elder


def rows(page):
    """Each line of the table as its cells' texts."""
    body = next(read(page).find("tbody"))
    return [" | ".join(cell.text for cell in row.find("td", "th")) for row in body.find("tr")]


def test_a_line_reads_as_a_sentence_with_masked_values(auditor, elder):
    page = auditor.get(f"/trail?table=resident&key={elder.id}").text

    moved, entered = rows(page)
    assert "平台运维 | 修改 老年人" in moved
    assert "赵**" in moved
    assert "住址 由 ［已遮盖］ 改为 ［已遮盖］" in moved
    assert "性别：女" in entered
    assert "黄华街" not in page
    assert "赵大明" not in page


def test_in_english_too(sit_down, elder):
    auditor = sit_down(Role.AUDITOR)
    auditor.language = "en"

    moved, _ = rows(auditor.get(f"/trail?table=resident&key={elder.id}").text)

    assert "platform, by hand | changed resident" in moved
    assert "address: from [hidden] to [hidden]" in moved


def test_who_did_it_is_named_as_colleagues_call_them(auditor, session, elder, hire):
    worker = hire(Role.COMMUNITY_WORKER, name="牛春分")
    token = make_sign_in(session, staff=worker)
    session.commit()
    act = Act(Face.CONSOLE, "tests.correct", "test", token=token, for_resident_id=elder.id)
    with acting(act), transaction() as correcting:
        correcting.execute(
            text("UPDATE resident SET sex = 'male' WHERE id = :id"), {"id": elder.id}
        )

    [line] = rows(auditor.get(f"/trail?staff_id={worker.id}").text)

    assert "牛春分 窗口" in line
    assert "性别 由 女 改为 男" in line
    assert line.split(" | ")[-2] == "赵**"


def test_the_head_of_the_chain_stands_above(auditor, elder):
    page = auditor.get("/trail").text

    assert "已封存条数" in page
    assert "还没有" in page
    assert "yinling audit verify" in page


@pytest.mark.parametrize(
    "query", ["colour=red", "staff_id=0", "day=yesterday", "limit=0", "cursor=nonsense"]
)
def test_a_filter_that_is_none_is_refused(auditor, query):
    assert auditor.get(f"/trail?{query}").status_code == 422


@pytest.mark.parametrize("query", ["table=no_such_table", "key=%27", "day=1999-01-01"])
def test_a_filter_that_fits_nothing_says_so(auditor, elder, query):
    assert "没有符合条件的留痕" in auditor.get(f"/trail?{query}").text


def test_pages_follow_each_other_without_loss(auditor, session):
    ids = [make_resident(session).id for _ in range(7)]
    seen, address = [], "/trail?limit=3&table=resident"
    while address:
        page = auditor.get(address).text
        seen += rows(page)
        links = [a.attributes["href"] for a in read(page).find("a")]
        address = next((link.removeprefix("/admin") for link in links if "cursor=" in link), None)

    assert [row for row in seen if any(f"老年人 {one} " in row for one in ids)] == seen[:7]
    assert len(seen) == len(set(seen))


def test_an_auditor_of_a_county_is_refused(sit_down):
    auditor = sit_down(Role.AUDITOR, division_code="140502")

    assert auditor.get("/trail").status_code == 403
    assert auditor.get("/trail/export.csv").status_code == 403


def test_the_file_holds_a_row_a_change_and_nothing_raw(auditor, elder):
    answer = auditor.get(f"/trail/export.csv?table=resident&key={elder.id}").text
    found = list(csv.DictReader(io.StringIO(answer.removeprefix("\ufeff"))))

    assert found[0]["项目"] == "住址"
    assert (found[0]["改前"], found[0]["改后"]) == ("［已遮盖］", "［已遮盖］")
    assert {row["涉及老人"] for row in found} == {"赵**"}
    assert "泽州路" not in answer


def test_more_lines_ask_no_more_of_the_database(auditor, session, statements):
    make_resident(session)
    with statements() as few:
        auditor.get("/trail")
    for _ in range(20):
        make_resident(session)
    with statements() as many:
        auditor.get("/trail")

    assert len(many) == len(few)
