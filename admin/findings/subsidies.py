"""What does not fit about runs of subsidies: in a sentence, and why it is looked for."""

from collections.abc import Mapping
from typing import Any

from admin.formats import yuan
from admin.words import word
from server.findings.models import FindingKind
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.subsidies.checks.checks import BY_KIND

KINDS = set(BY_KIND)
LISTS = {"whats": "standing_fact", "whys": "reward_lack"}


def sentence(
    kind: FindingKind,
    told: Mapping[str, Any],
    sites: Mapping[int, str],
    programmes: Mapping[str, str],
) -> str:
    """Return what does not fit, with the programme, the month and the amount in it."""
    facts = {name: value if value is not None else _("not known") for name, value in told.items()}
    facts |= told.get("figures", {}) | _words(kind, told)
    facts["site"] = sites.get(told.get("site_id", 0), _("not known"))
    facts["amount"] = yuan(told.get("amount_fen"))
    facts["month"] = str(told.get("month", ""))[:7]
    facts["programme"] = programmes.get(told.get("programme", ""), _("not known"))
    return pgettext("subsidy_finding", kind.value, **facts)


def explanation(kind: FindingKind, told: Mapping[str, Any]) -> str:
    """Return why this is looked for, and what may explain it honestly."""
    return pgettext("subsidy_finding_why", kind.value, **told.get("figures", {}))


def _words(kind: FindingKind, told: Mapping[str, Any]) -> dict[str, str]:
    """The codes of the evidence as words."""
    said = {
        f"{name}_level": word("ability_level", told[name])
        for name in ("claimed", "known", "before")
        if name in told
    }
    for name in LISTS.keys() & told.keys():
        said[name] = ", ".join(word(LISTS[name], one) for one in told[name])
    if kind is FindingKind.SUBSIDY_BUILT_TWICE:
        said["twice"] = word("built_twice", told.get("why"))
    if kind is FindingKind.SUBSIDY_CERTIFICATE_LACKING:
        said["certificate"] = word("certificate_lack", told.get("why"))
    return said
