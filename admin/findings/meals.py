"""What does not fit about meals: in a sentence, and why it is looked for."""

from collections.abc import Mapping
from typing import Any

from admin.formats import yuan
from admin.words import word
from server.findings.models import FindingKind
from server.homecare.meal_checks.checks import CHECKS
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext

# Found by the report of a departure as well, which has a sentence of its own.
KINDS = {check.kind for check in CHECKS} - {FindingKind.MEAL_AFTER_DEPARTURE}


def sentence(kind: FindingKind, told: Mapping[str, Any], sites: Mapping[int, str]) -> str:
    """Return what does not fit, with the canteen, the number of meals and the subsidy in it."""
    facts = {name: value if value is not None else _("not known") for name, value in told.items()}
    facts |= told.get("figures", {})
    facts["canteen"] = sites.get(told.get("canteen_id", 0), _("not known"))
    facts["other_site"] = sites.get(told.get("bed_site_id", told.get("site_id", 0)), _("not known"))
    facts["amount"] = yuan(told.get("amount_fen"))
    if kind is FindingKind.MEAL_ONE_HAND:
        facts = {"keyed": _("not known"), "devices": _("not known")} | facts
    if kind is FindingKind.MEAL_WITHOUT_LICENCE:
        facts["why"] = word("meal_not_open", told.get("why"))
    if kind is FindingKind.MEAL_TIER_DIFFERS:
        facts |= {"given": yuan(told.get("given_fen")), "due": yuan(told.get("due_fen"))}
        facts["tier"] = word("hardship_tier", told.get("tier"))
    return pgettext("meal_finding", kind.value, **facts)


def explanation(kind: FindingKind, told: Mapping[str, Any]) -> str:
    """Return why this is looked for, and what may explain it honestly."""
    return pgettext("meal_finding_why", kind.value, **told.get("figures", {}))
