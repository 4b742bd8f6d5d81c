"""What does not fit about class hours: in a sentence."""

from collections.abc import Mapping
from typing import Any

from server.findings.models import FindingKind
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext

KINDS = {FindingKind.TRAINEE_ON_SHIFT, FindingKind.TRAINEE_SERVED_ELSEWHERE}


def sentence(kind: FindingKind, told: Mapping[str, Any], sites: Mapping[int, str]) -> str:
    """Return what does not fit: the day, the minutes, and where the trainee was as well."""
    facts = {
        "site": sites.get(told.get("site_id", 0), _("not known")),
        "day": told.get("day", ""),
        "minutes": told.get("minutes", ""),
        "caregiver": told.get("caregiver", ""),
    }
    return pgettext("training_finding", kind.value, **facts)


def explanation(kind: FindingKind, told: Mapping[str, Any]) -> str:
    """Return why this is looked for, and what may explain it honestly."""
    return pgettext("training_finding_why", kind.value, **told.get("figures", {}))
