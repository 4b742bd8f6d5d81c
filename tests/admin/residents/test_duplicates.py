"""The desk of people who are in the register twice: compared, told apart, merged, undone."""

import csv
import io

import pytest
from sqlalchemy import text

from server.identity.models import Role
from tests.admin.page_lint import read
from tests.factories.people import make_hardship, make_resident
from tests.factories.twins import Twins

COUNTY = "140502"
DESK = "/residents/duplicates"


@pytest.fixture
def twins(session):
    twins = Twins(session)
    session.commit()
    return twins


@pytest.fixture
def worker(sit_down, twins):
    return sit_down(Role.COMMUNITY_WORKER, division_code=COUNTY)


@pytest.fixture
def county(sit_down, twins):
    return sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)


def page_of(twins):
    return f"{DESK}/{twins.pair_id}"


def propose(desk, twins, **changed):
    form = {"kept": "one", "reason": "同一个户口簿"} | changed
    return desk.post(f"{page_of(twins)}/merges", form)


def forms_to(desk, twins, ending):
    page = read(desk.get(page_of(twins)).text)
    return [
        form.attributes["action"].removeprefix("/admin")
        for form in page.find("form")
        if form.attributes.get("action", "").endswith(ending)
    ]


def merge(worker, county, twins, **changed):
    assert propose(worker, twins, **changed).status_code == 303
    (address,) = forms_to(county, twins, "/confirmation")
    return county.post(address)


class TestTheDesk:
    def test_it_shows_the_pair_with_stars(self, worker, twins):
        page = worker.get(DESK).text

        assert "李*英" in page or "李**" in page or "李＊" in page
        assert "李秀英" not in page
        assert "13912340001" not in page
        assert page_of(twins) in page

    def test_a_worker_of_another_place_sees_none(self, sit_down, twins):
        elsewhere = sit_down(Role.COMMUNITY_WORKER, division_code="140521")

        assert page_of(twins) not in elsewhere.get(DESK).text
        assert elsewhere.get(page_of(twins)).status_code == 404

    def test_its_statements_do_not_grow_with_its_lines(self, session, worker, twins, statements):
        with statements() as few:
            worker.get(DESK)
        for _ in range(4):
            make_resident(session, name="李秀英")
        from_all = text(
            "INSERT INTO possible_duplicate (one_id, other_id, why, found_at, state)"
            " SELECT a.id, b.id, '{village}', '2026-11-01', 'open' FROM resident a JOIN resident b"
            " ON a.id < b.id ON CONFLICT DO NOTHING"
        )
        session.execute(from_all)
        with statements() as many:
            page = worker.get(DESK).text

        assert page.count("对照") > 3
        assert len(many) == len(few)

    def test_it_goes_out_as_a_file_with_stars(self, worker, twins):
        answer = worker.get(f"{DESK}/export.csv?part=open")

        rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
        assert len(rows) == 2
        assert "李秀英" not in answer.text
        assert worker.get(f"{DESK}/export.xlsx?part=merged").status_code == 200

    @pytest.mark.parametrize("part", ["open", "waiting", "merged", "different"])
    def test_every_part_opens_in_both_languages(self, worker, twins, part):
        worker.language = "en"
        assert worker.get(f"{DESK}?part={part}").status_code == 200


class TestComparing:
    def test_both_are_starred_until_they_are_opened_with_a_reason(self, session, worker, twins):
        assert "13912340001" not in worker.get(page_of(twins)).text

        answer = worker.post(f"{page_of(twins)}/openings", {"reason": "核对重复登记"})

        assert answer.status_code == 303
        assert "13912340001" in worker.get(page_of(twins)).text
        opened = text("SELECT resident_id FROM opening WHERE reason = '核对重复登记'")
        session.commit()
        assert set(session.execute(opened).scalars()) == {twins.one.id, twins.other.id}

    def test_without_a_reason_nothing_is_opened(self, worker, twins):
        answer = worker.post(f"{page_of(twins)}/openings", {"reason": ""})

        assert answer.status_code == 422
        assert "13912340001" not in worker.get(page_of(twins)).text

    def test_two_people_are_told_apart_with_a_reason(self, worker, twins):
        assert worker.post(f"{page_of(twins)}/apart", {"reason": "两人都来过"}).status_code == 303

        assert "两人都来过" in worker.get(page_of(twins)).text
        assert page_of(twins) not in worker.get(DESK).text
        assert page_of(twins) in worker.get(f"{DESK}?part=different").text


class TestMerging:
    def test_one_proposes_and_another_confirms(self, worker, county, twins):
        assert merge(worker, county, twins).status_code == 303

        assert page_of(twins) in worker.get(f"{DESK}?part=merged").text
        assert page_of(twins) not in worker.get(DESK).text

    def test_a_worker_does_not_confirm(self, worker, twins):
        propose(worker, twins)
        assert forms_to(worker, twins, "/confirmation") == []
        (back,) = forms_to(worker, twins, "/return")

        address = back.replace("/return", "/confirmation")
        assert worker.post(address).status_code == 403

    def test_whoever_proposed_sees_no_button_and_is_refused(self, county, twins):
        propose(county, twins)
        assert forms_to(county, twins, "/confirmation") == []
        (back,) = forms_to(county, twins, "/return")

        answer = county.post(back.replace("/return", "/confirmation"))
        assert answer.status_code == 409
        assert "不能自己确认" in answer.text

    def test_chosen_fields_come_from_the_side_that_was_chosen(self, session, worker, county, twins):
        merge(worker, county, twins, phone="other", address="one")

        session.commit()
        said = text("SELECT phone, address FROM resident WHERE id = :id")
        kept = session.execute(said, {"id": twins.one.id}).one()
        assert tuple(kept) == ("+8613912340002", "建设路 1 号")

    def test_the_old_file_leads_to_the_one_that_is_kept(self, worker, county, twins):
        merge(worker, county, twins)

        answer = county.get(f"/residents/{twins.other.id}/meals")
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"/residents/{twins.one.id}/meals")

    def test_the_kept_file_says_what_was_merged_into_it(self, worker, county, twins):
        merge(worker, county, twins)
        county.post(f"/residents/{twins.one.id}/openings", {"reason": "核对"})

        page = county.get(f"/residents/{twins.one.id}").text
        assert "已并入的档案" in page
        assert f">{twins.other.id}<" in page

    def test_a_collision_is_named_with_its_day(self, session, worker, twins):
        make_hardship(session, twins.one, starts_on=twins.one.born_on.replace(year=2022))

        answer = propose(worker, twins)

        assert answer.status_code == 409
        assert "困难类别有重叠" in answer.text
        assert "2022-05-06" in answer.text

    def test_a_proposal_is_given_back_with_a_note(self, worker, county, twins):
        propose(worker, twins)
        (address,) = forms_to(county, twins, "/return")

        assert county.post(address, {"note": "请先看户口簿"}).status_code == 303
        page = worker.get(page_of(twins)).text
        assert "请先看户口簿" in page
        assert "已退回" in page

    def test_it_is_undone_with_a_reason(self, worker, county, twins):
        merge(worker, county, twins)
        assert forms_to(worker, twins, "/undoing") == []
        (address,) = forms_to(county, twins, "/undoing")

        assert county.post(address, {"reason": ""}).status_code == 422
        assert county.post(address, {"reason": "是两位老人"}).status_code == 303
        assert "是两位老人" in county.get(page_of(twins)).text
        assert page_of(twins) in worker.get(DESK).text

    def test_what_keeps_it_from_being_undone_is_named(self, session, worker, county, twins):
        merge(worker, county, twins, phone="other")
        session.execute(
            text("UPDATE resident SET phone = '+8613900000000' WHERE id = :id"),
            {"id": twins.one.id},
        )
        session.commit()
        (address,) = forms_to(county, twins, "/undoing")

        answer = county.post(address, {"reason": "是两位老人"})
        assert answer.status_code == 409
        assert "合并后改过：" in answer.text

    def test_a_merge_of_another_pair_is_not_found_here(self, session, worker, county, twins):
        propose(worker, twins)
        (address,) = forms_to(county, twins, "/confirmation")
        elsewhere = address.replace(f"/{twins.pair_id}/", "/999999/")

        assert county.post(elsewhere).status_code == 404

    @pytest.mark.parametrize("changed", [{"kept": "third"}, {"reason": ""}, {"name": "other"}])
    def test_what_the_form_does_not_have_is_refused(self, worker, twins, changed):
        assert propose(worker, twins, **changed).status_code == 422


def test_an_auditor_looks_and_decides_nothing(sit_down, twins):
    auditor = sit_down(Role.AUDITOR)

    assert auditor.get(page_of(twins)).status_code == 200
    assert propose(auditor, twins).status_code == 403
    assert forms_to(auditor, twins, "/apart") == []
