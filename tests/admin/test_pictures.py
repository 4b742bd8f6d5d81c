"""Whatever picture a page with nothing on it names is there to be seen."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r'\bempty\(.*?, "([a-z_]+)"\) ?(?:%|\}\})')


def test_every_named_picture_is_there():
    there = {one.stem for one in (ROOT / "server/web/design/pictures").glob("*.svg")}
    named = {
        (page.name, name)
        for page in (ROOT / "admin").rglob("*.html")
        for name in NAMED.findall(page.read_text(encoding="utf-8"))
    }

    assert len(named) > 20
    assert {one for one in named if one[1] not in there} == set()
