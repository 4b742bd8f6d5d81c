"""What does not fit about visits at homes: in a sentence, and the visits beside each other."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from admin.findings import meals, subsidies, training
from admin.words import word
from server.findings.models import FindingKind
from server.homecare.checks.checks import BY_KIND
from server.homecare.checks.reading import list_compared
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext

# What somebody said on the phone stands in the evidence by its codes.
ANSWERS = {"there", "stayed", "did"}


def is_of_visits(kind: FindingKind) -> bool:
    """True for what a check of visits or beds at home found."""
    return kind in BY_KIND or kind is FindingKind.HOME_CALL_CONTRADICTS


def sentence(kind: FindingKind, told: Mapping[str, Any], sites: Mapping[int, str]) -> str:
    """Return what does not fit, with whose visits they are and by which figure it was judged."""
    facts = {name: value if value is not None else _("not known") for name, value in told.items()}
    facts |= told.get("figures", {})
    for name in ANSWERS & told.keys():
        facts[name] = word(f"call_{name}", told[name])
    facts["site"] = sites.get(told.get("site_id", 0), _("not known"))
    facts["other_site"] = sites.get(told.get("bed_site_id", 0), _("not known"))
    return pgettext("home_finding", kind.value, **facts)


def explanation(finding: Row[Any]) -> str:
    """Return why this is looked for, and what may explain it honestly."""
    if finding.kind in meals.KINDS:
        return meals.explanation(finding.kind, finding.evidence)
    if finding.kind in training.KINDS:
        return training.explanation(finding.kind, finding.evidence)
    if finding.kind in subsidies.KINDS:
        return subsidies.explanation(finding.kind, finding.evidence)
    if not is_of_visits(finding.kind):
        return ""
    figures = finding.evidence.get("figures", {})
    return pgettext("home_finding_why", finding.kind.value, **figures)


def compared(session: Session, finding: Row[Any]) -> Sequence[Row[Any]]:
    """Return the visits that the finding speaks of; none where it speaks of none."""
    visits = finding.evidence.get("visits", []) if is_of_visits(finding.kind) else []
    return list_compared(session, visits) if visits else []
