"""What the page on the way of a yuan names is in the schema, the console and the command."""

import re

from tests.architecture.sources import ROOT

PAGE = (ROOT / "infra/docs/subsidies.md").read_text("utf-8")
NAMES = re.compile(r"`((?:ck|uq|ex|subsidy|audit)_\w+|policy_(?:pack|version))`")
NAMED = sorted(set(NAMES.findall(PAGE)))
MIGRATIONS = "\n".join(
    path.read_text("utf-8")
    for folder, ending in (("sql", "*.sql"), ("versions", "*.py"))
    for path in sorted((ROOT / "server/migrations" / folder).glob(ending))
)


def test_every_table_and_constraint_that_is_named_is_in_the_schema():
    assert len(NAMED) > 30
    assert [name for name in NAMED if not re.search(rf"\b{name}\b", MIGRATIONS)] == []


def test_every_decision_that_is_linked_is_there():
    linked = re.findall(r"\]\((adr/[^)]+|\w+\.md)\)", PAGE)

    assert [one for one in linked if not (ROOT / "infra/docs" / one).exists()] == []
