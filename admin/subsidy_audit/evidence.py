"""What a row of evidence says, in words."""

from datetime import datetime
from typing import Any

from admin.formats import stamp, yuan
from admin.words import word
from server.i18n.catalogues import gettext as _
from server.subsidies.facts.evidence import Evidence

# Told values that are codes, and the context of their words.
CODES = {
    "meal": "meal",
    "how": "handed_out_how",
    "bed_kind": "bed_kind",
    "degree": "degree",
    "post": "post",
    "phase": "photo_phase",
    "claim_state": "claim_state",
    "source": "attendance_source",
}
STATES = {"bed_occupancy": "bed_state", "care_visit": "visit_state"}
# Numbers of other records, and what the page says elsewhere.
UNSAID = {"collection", "proof"}
# The lives of these hang on more than one number; the trail is not asked for them by one.
OF_MANY_KEYS = {"attendance_day", "attendance_month", "home_month_bed"}


def has_trail(one: Evidence) -> bool:
    """True where the trail knows the row by its number alone."""
    return one.kind not in OF_MANY_KEYS


def evidence_in_words(one: Evidence) -> str:
    """Return what the row says: each value by its name."""
    told = {name: value for name, value in one.told.items() if name not in UNSAID}
    said = (f"{word('evidence_told', name)} {_said(one, name, told[name])}" for name in told)
    return _("; ").join(said)


def _said(one: Evidence, name: str, value: Any) -> str:
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name.endswith("_fen"):
        return yuan(value)
    if name.endswith("_at"):
        return stamp(datetime.fromisoformat(value))
    context = STATES.get(one.kind) if name == "state" else CODES.get(name)
    return word(context, value) if context else str(value)
