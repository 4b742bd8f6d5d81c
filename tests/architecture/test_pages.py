"""No page holds a script or a style of its own: the browser is told to run none."""

import re

import pytest

from tests.architecture.sources import ROOT

TEMPLATES = sorted(
    path
    for tree in ("admin", "infra", "mobile_api", "server")
    for path in (ROOT / tree).rglob("*.html")
    if "vendor" not in path.parts
)
SCRIPTS = sorted(
    path
    for tree in ("admin", "mobile_api", "server/web/design")
    for path in (ROOT / tree).rglob("*.js")
)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE)
ELSEWHERE = re.compile(r"""(?:src|href|url|action)\s*[=(]\s*["']?(?:https?:)?//""", re.IGNORECASE)
MADE_UP_CODE = re.compile(
    r"\b(?:eval|Function)\(|\.innerHTML\s*=|outerHTML\s*=|insertAdjacentHTML|document\.write"
    r"|setAttribute\(\s*[\"']style[\"']|\.style\.cssText|javascript:"
)


def below(paths):
    return [path.relative_to(ROOT).as_posix() for path in paths]


@pytest.mark.parametrize("path", TEMPLATES, ids=below(TEMPLATES))
def test_a_template_is_only_markup(path):
    page = path.read_text("utf-8")

    for forbidden in (INLINE_SCRIPT, INLINE_STYLE, HANDLER, ELSEWHERE):
        assert forbidden.findall(page) == []
    assert "|safe" not in page.replace(" ", "")


@pytest.mark.parametrize("path", SCRIPTS, ids=below(SCRIPTS))
def test_a_script_makes_no_markup_out_of_text(path):
    assert MADE_UP_CODE.findall(path.read_text("utf-8")) == []


def test_there_are_pages_and_scripts_to_look_at():
    assert TEMPLATES
    assert SCRIPTS
