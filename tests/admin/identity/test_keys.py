"""listKeys, issue, showKey, revoke: what departments may read of what is not public."""

import re

import pytest
from sqlmodel import select

from server.db.sessions import token_digest
from server.identity.models import ApiKey, Role
from server.identity.scopes import FIELDS_OF
from server.identity.service.api_keys import record_call
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.factories.meals import make_site


@pytest.fixture
def admin_desk(sit_down):
    return sit_down(Role.ADMINISTRATOR)


FORM = {"owner": "卫生健康委", "purpose": "医养结合", "scope": "sites.read-contacts",
        "fields_given": ["name", "phone"], "rate_per_minute": "60", "days": "180",
        "reason": "按协议"}  # fmt: skip


class TestTheList(OpensFor):
    roles = {Role.ADMINISTRATOR}

    @pytest.fixture
    def address(self):
        return "/keys"


class TestIssuing(AcceptsFrom):
    roles = {Role.ADMINISTRATOR}

    @pytest.fixture
    def address(self):
        return "/keys"

    @pytest.fixture
    def form(self):
        return FORM

    def test_shows_the_key_once_and_keeps_its_digest(self, admin_desk, session):
        page = admin_desk.post("/keys", FORM).text

        token = re.search(r'id="key">(yl_[\w-]+)<', page)[1]
        key = session.exec(select(ApiKey)).one()
        assert key.token_digest == token_digest(token)
        assert (key.fields, key.rate_per_minute) == (["name", "phone"], 60)
        assert key.issued_by is not None
        assert token not in admin_desk.get(f"/keys/{key.id}").text
        assert "卫生健康委" in admin_desk.get("/keys").text

    def test_each_scope_is_a_choice_with_fields_of_its_own(self, admin_desk, session):
        page = admin_desk.get("/keys/new").text
        assert len(re.findall(r'type="radio" name="scope"', page)) == len(FIELDS_OF)

        only = FORM | {"scope": "departures.report", "fields_given": ["outcome"]}
        assert admin_desk.post("/keys", only).status_code == 200
        assert admin_desk.post("/keys", FORM | {"fields_given": ["outcome"]}).status_code != 200
        assert session.exec(select(ApiKey)).one().scopes == ["departures.report"]

    @pytest.mark.parametrize(
        "wrong",
        [{"fields_given": []}, {"fields_given": ["id_number"]}, {"scope": "residents.read"},
         {"days": "367"}, {"rate_per_minute": "0"}, {"reason": ""}, {"owner": ""}],
    )  # fmt: skip
    def test_what_does_not_fit_is_refused(self, admin_desk, wrong, session):
        assert admin_desk.post("/keys", FORM | wrong).status_code == 422
        assert session.exec(select(ApiKey)).all() == []


class TestFacilitiesOfAKey:
    @pytest.fixture
    def homes(self, session):
        return [make_site(session, name=name) for name in ("甲院", "乙院")]

    @pytest.fixture
    def filing(self, homes):
        return FORM | {
            "scope": "facilities.file-returns",
            "fields_given": ["outcome"],
            "sites": [str(homes[0].id)],
        }

    @pytest.fixture
    def key(self, admin_desk, filing, session):
        assert admin_desk.post("/keys", filing).status_code == 200
        return session.exec(select(ApiKey)).one()

    def test_are_chosen_when_it_is_issued(self, admin_desk, key):
        page = admin_desk.get(f"/keys/{key.id}").text

        assert "甲院" in page
        assert "乙院" not in page

    def test_are_asked_for_and_belong_to_no_other_key(self, admin_desk, filing, session):
        nowhere = {name: value for name, value in filing.items() if name != "sites"}
        refused = admin_desk.post("/keys", nowhere)

        assert refused.status_code == 422
        assert "请选择它为哪些机构填报。" in refused.text
        assert admin_desk.post("/keys", FORM | {"sites": filing["sites"]}).status_code == 422
        assert session.exec(select(ApiKey)).all() == []

    def test_are_added_with_a_reason(self, admin_desk, key, homes):
        address = f"/keys/{key.id}/sites"
        assert "乙院" in admin_desk.get(f"{address}/new").text
        more = {"sites": [str(homes[1].id)], "reason": "新签协议"}

        assert admin_desk.post(address, more | {"reason": ""}).status_code == 422
        assert admin_desk.post(address, {"reason": "新签协议"}).status_code == 422
        assert admin_desk.post(address, more).status_code == 303
        assert admin_desk.post(address, more).status_code == 303
        assert "乙院" in admin_desk.get(f"/keys/{key.id}").text
        assert "没有可以再给的机构。" in admin_desk.get(f"{address}/new").text

    def test_are_not_added_to_a_key_that_does_not_file_or_is_revoked(
        self, admin_desk, key, homes, session
    ):
        more = {"sites": [str(homes[1].id)], "reason": "新签协议"}
        admin_desk.post("/keys", FORM)
        reading = session.exec(select(ApiKey).where(ApiKey.id != key.id)).one()
        admin_desk.post(f"/keys/{key.id}/revocation", {"reason": "泄露"})

        for one in (reading, key):
            assert admin_desk.post(f"/keys/{one.id}/sites", more).status_code == 404
            assert admin_desk.get(f"/keys/{one.id}/sites/new").status_code == 404


class TestGivingFacilities(AcceptsFrom):
    roles = {Role.ADMINISTRATOR}

    @pytest.fixture
    def address(self):
        return "/keys/1/sites"


class TestOneKey:
    @pytest.fixture
    def key(self, admin_desk, session):
        admin_desk.post("/keys", FORM)
        return session.exec(select(ApiKey)).one()

    def test_shows_what_was_read_with_it(self, admin_desk, key, session):
        record_call(
            session, key_id=key.id, scope="sites.read-contacts", purpose="核对名单",
            status=200, rows_returned=1234,
        )  # fmt: skip

        page = admin_desk.get(f"/keys/{key.id}").text

        assert "核对名单" in page
        assert "1,234" in page

    def test_ends_with_its_revocation_which_has_a_reason(self, admin_desk, key, session):
        assert admin_desk.post(f"/keys/{key.id}/revocation", {}).status_code == 422
        assert admin_desk.post(f"/keys/{key.id}/revocation", {"reason": "泄露"}).status_code == 303

        session.refresh(key)
        assert key.revoked_at is not None
        assert "已收回" in admin_desk.get(f"/keys/{key.id}").text

    def test_that_is_not_there_is_not_found(self, admin_desk):
        assert admin_desk.get("/keys/999").status_code == 404
        assert admin_desk.post("/keys/999/revocation", {"reason": "泄露"}).status_code == 404
