"""Write the pages of `infra/docs` that come from the code: `python -m infra.reference_docs`."""

import sys
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from infra.care_order_docs import PAGE as CARE_ORDERS_PAGE
from infra.care_order_docs import care_orders_page
from infra.home_bed_docs import PAGE as HOME_BEDS_PAGE
from infra.home_bed_docs import home_beds_page
from infra.renovation_docs import PAGE as RENOVATIONS_PAGE
from infra.renovation_docs import renovations_page
from infra.subsidy_claim_docs import PAGE as SUBSIDY_CLAIMS_PAGE
from infra.subsidy_claim_docs import subsidy_claims_page
from server.settings import Settings

SETTINGS_PAGE = Path(__file__).parent / "docs" / "settings.md"
HEAD = """# Settings

Every setting, with its meaning and default. All are read from the environment when a process
starts, and checked then; in production nothing may be missing, printed, or known from the source
code. Where a clone runs on its own, secrets are made once and kept in `var/secrets.env`.

This page is written by `make docs`.

| Name | Meaning | Default |
| --- | --- | --- |
"""


def settings_page() -> str:
    """Return the page of settings as it must be."""
    return HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    shown = str(field.validation_alias or f"YINLING_{name.upper()}")
    return f"| `{shown}` | {field.description} | {_default(field.default)} |\n"


def _default(value: Any) -> str:
    if value is None or isinstance(value, SecretStr) or value == "":
        return "–"
    if isinstance(value, bool):
        return "`1`" if value else "`0`"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def main() -> int:
    """Write the pages."""
    for path, page in (
        (SETTINGS_PAGE, settings_page()),
        (HOME_BEDS_PAGE, home_beds_page()),
        (CARE_ORDERS_PAGE, care_orders_page()),
        (RENOVATIONS_PAGE, renovations_page()),
        (SUBSIDY_CLAIMS_PAGE, subsidy_claims_page()),
    ):
        path.write_text(page, "utf-8")
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
