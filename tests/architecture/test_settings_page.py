"""The page of settings is the settings."""

from infra.reference_docs import SETTINGS_PAGE, settings_page
from server.settings import Settings


def test_the_page_is_what_the_settings_say():
    assert SETTINGS_PAGE.read_text("utf-8") == settings_page(), "run `make docs`"


def test_every_setting_says_what_it_means():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_no_secret_stands_on_the_page():
    for field in Settings.model_fields.values():
        if field.annotation and "Secret" in str(field.annotation):
            assert "development-only" not in settings_page()
