"""What every page has in common: who may open it. A page's tests inherit these."""

import pytest

from server.identity.models import Role


class OpensFor:
    """Inherit, say `roles`, and give the page's address in `address`."""

    roles: set[Role]

    @pytest.fixture
    def address(self):
        raise NotImplementedError

    def test_a_stranger_is_asked_to_sign_in_and_comes_back(self, stranger, address):
        response = stranger.get(address)

        assert response.status_code == 303
        assert response.headers["Location"].startswith("/admin/sign-in?next=/admin/")

    def test_it_opens_for_its_offices_alone(self, every_office, address):
        answers = {role: every_office(role).get(address).status_code for role in Role}

        assert answers == {role: 200 if role in self.roles else 403 for role in Role}


class AcceptsFrom:
    """The same for a form: inherit, say `roles`, give `address` and `form`."""

    roles: set[Role]

    @pytest.fixture
    def address(self):
        raise NotImplementedError

    @pytest.fixture
    def form(self):
        return {}

    def test_a_stranger_is_asked_to_sign_in(self, stranger, address, form):
        response = stranger.post(address, form)

        assert (response.status_code, response.headers["Location"]) == (303, "/admin/sign-in")

    def test_without_the_form_guard_it_is_refused(self, every_office, address, form):
        response = every_office(min(self.roles)).post(address, form, guard=False)

        assert response.status_code == 400
        assert "这个页面放得太久了" in response.text

    def test_other_offices_are_refused(self, every_office, address, form):
        answers = {role: every_office(role).post(address, form).status_code for role in Role}

        refused = {role for role, status in answers.items() if status == 403}
        assert refused == set(Role) - self.roles
