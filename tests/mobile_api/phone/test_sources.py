"""House rules of the phone's modules, read from their text."""

import re
from pathlib import Path

import pytest

from mobile_api.phone_release import DESIGN, PHONE
from server.i18n.catalogues import LANGUAGES, catalogue

MODULES = sorted([*PHONE.rglob("*.js"), *DESIGN.rglob("*.js")])
STYLES = sorted([*PHONE.rglob("*.css"), *DESIGN.rglob("*.css")])
LONGEST_FILE = 400
LONGEST_LINE = 120

TEXT = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
NEVER = {
    "data as HTML": r"\.(inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser",
    "code from text": r"\beval\(|new Function\(",
    "inline style": r"setAttribute\(\s*[\"']style|\.style\.",
    "a pop-up": r"\b(alert|confirm|prompt)\(|window\.open\(",
    "another site": r"https?://(?!www\.w3\.org/2000/svg)",
    "a text outside the catalogues": r'(title|label|hint):\s*"[A-Z]|h\("[^"]+", \{\}, "[A-Za-z]{3}',
    "syntax older phones stop at": r"\?\?=|\|\|=|&&=|\(\?<[=!]|\.at\(|structuredClone",
}
NEVER_IN_STYLES = {
    "syntax older phones stop at": r":has\(|color-mix\(|oklch\(|@container|@layer|^\s*&",
    "another site": r"url\([\"']?(https?:)?//",
    "a colour outside the tokens": r"#[0-9a-fA-F]{6}\b",
}


def texts_of(module: Path) -> set[str]:
    return {text.replace('\\"', '"') for text in TEXT.findall(module.read_text("utf-8"))}


@pytest.mark.parametrize("why", NEVER)
def test_no_module_does(why: str):
    found = [path.name for path in MODULES if re.search(NEVER[why], path.read_text("utf-8"))]

    assert found == [], why


@pytest.mark.parametrize("why", NEVER_IN_STYLES)
def test_no_style_has(why: str):
    styles = [path for path in STYLES if path.name != "tokens.css"]
    pattern = re.compile(NEVER_IN_STYLES[why], re.MULTILINE)

    assert [path.name for path in styles if pattern.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_every_text_and_no_other(language: str):
    used = set().union(*(texts_of(module) for module in MODULES))
    there = catalogue(language, "phone")

    assert used - there.keys() == set()
    assert there.keys() - used == set()


def test_both_languages_fill_in_the_same_facts():
    chinese, english = (catalogue(language, "phone") for language in LANGUAGES)

    for text, translation in chinese.items():
        facts = set(re.findall(r"\{\w+\}", text))
        assert set(re.findall(r"\{\w+\}", translation)) == facts, text
        assert english[text] == text
        assert re.search(r"[\u3000-\u9fff]", translation) or not re.search(r"\w", _bare(text)), text


def _bare(text: str) -> str:
    return re.sub(r"\{\w+\}", "", text)


def test_files_stay_short_and_say_what_they_are_for():
    for path in MODULES:
        lines = path.read_text("utf-8").splitlines()
        assert len(lines) <= LONGEST_FILE, path
        assert lines[0].startswith(("//", "/**")), path
        assert [line for line in lines if len(line) > LONGEST_LINE] == [], path


def test_every_component_has_a_style_and_words_on_how_to_use_it():
    for folder in (DESIGN / "components").iterdir():
        assert (folder / f"{folder.name}.css").exists(), folder.name
        assert "```html" in (folder / "README.md").read_text("utf-8"), folder.name


def test_every_component_is_in_the_list_of_a_face():
    lists = (DESIGN / "phone.css").read_text("utf-8") + (DESIGN / "console.css").read_text("utf-8")

    for folder in (DESIGN / "components").iterdir():
        assert f"./components/{folder.name}/{folder.name}.css" in lists


def test_every_icon_that_is_used_is_drawn():
    sprite = set(re.findall(r'symbol id="(\w+)"', (DESIGN / "icons.svg").read_text("utf-8")))
    used = set()
    for path in MODULES:
        text = path.read_text("utf-8")
        used |= set(re.findall(r'(?:icon\(|iconName: |lead: )"(\w+)"', text))
        if "facts(" in text:
            used |= set(re.findall(r'\["(\w+)", (?:t\(|\w+\.)', text))

    assert used - sprite == set()
