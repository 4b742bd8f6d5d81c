"""What does not fit, in plain words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from admin.findings import meals, subsidies, training
from admin.findings.visits import is_of_visits, sentence
from admin.formats import yuan
from admin.words import word
from server import masking
from server.findings.models import FindingKind
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.providers.queries import find_site_names
from server.residents.queries import find_resident_names
from server.subsidies.checks.reading import find_programme_names

Sentence = Callable[[FindingKind, Mapping[str, Any], Mapping[int, str]], str]
IN_WORDS: Mapping[FindingKind, Sentence] = dict.fromkeys(meals.KINDS, meals.sentence) | (
    dict.fromkeys(training.KINDS, training.sentence)
)
AT_COUNTERS = {
    FindingKind.MEAL_HANDED_OUT_TWICE,
    FindingKind.MEAL_HANDED_OUT_UNBOOKED,
    FindingKind.MEAL_TOLD_AFTER_SETTLEMENT,
}


@dataclass(frozen=True)
class Names:
    """Whom and which canteens a page of findings speaks of; people with stars."""

    residents: Mapping[int, str]
    sites: Mapping[int, str]
    programmes: Mapping[str, str]

    @classmethod
    def of(cls, session: Session, findings: Sequence[Row[Any]]) -> "Names":
        told = {one.resident_id for one in findings if one.resident_id is not None}
        people = find_resident_names(session, told)
        return cls(people, sites_named(session, findings), programmes_named(session, findings))

    def resident(self, finding: Row[Any]) -> str:
        """Return the masked name; the number alone where the name is not known.

        Of a finding about a facility, the facility's name.
        """
        if finding.resident_id is None:
            return self.sites.get(finding.site_id, f"#{finding.site_id}")
        name = self.residents.get(finding.resident_id)
        return masking.name(name) if name else f"#{finding.resident_id}"

    def evidence(self, finding: Row[Any]) -> str:
        """Return what does not fit, as one sentence."""
        if finding.kind in subsidies.KINDS:
            return subsidies.sentence(finding.kind, finding.evidence, self.sites, self.programmes)
        return self._of_care(finding)

    def _of_care(self, finding: Row[Any]) -> str:
        told = finding.evidence
        if is_of_visits(finding.kind):
            return sentence(finding.kind, told, self.sites)
        if finding.kind in IN_WORDS:
            return IN_WORDS[finding.kind](finding.kind, told, self.sites)
        if finding.kind in PLAIN:
            return PLAIN[finding.kind](told)
        if finding.kind is FindingKind.DEATH_IN_A_STAY:
            return self._death(told)
        if finding.kind in AT_COUNTERS:
            return self._handed_out(told)
        facts = {
            "departure": word("departure_kind", told.get("departure")),
            "day": told.get("happened_on", ""),
        }
        if finding.kind is FindingKind.MEAL_AFTER_DEPARTURE:
            return _(
                "Reported: {departure} on {day}. A meal was collected on {service_on} at {canteen};"
                " {subsidy} yuan of it were subsidy.",
                **facts,
                service_on=told.get("service_on", ""),
                canteen=self.sites.get(told.get("canteen_id", 0), _("not known")),
                subsidy=yuan(told.get("subsidy_fen")),
            )
        if finding.kind is FindingKind.NIGHT_AFTER_DEPARTURE:
            return _(
                "Reported: {departure} on {day}. {home} recorded {nights} nights after that.",
                **facts,
                home=self.sites.get(told.get("site_id", 0), _("not known")),
                nights=told.get("nights", ""),
            )
        return _(
            "Reported: {departure} on {day}. A hardship tier was noted from {starts_on} on.",
            **facts,
            starts_on=told.get("starts_on", ""),
        )

    def _handed_out(self, told: Mapping[str, Any]) -> str:
        return _(
            "A counter of {canteen} handed the meal of {day} out at {at}, and told of it later.",
            canteen=self.sites.get(told.get("canteen_id", 0), _("not known")),
            day=told.get("service_on", ""),
            at=str(told.get("handed_out_at", ""))[11:16],
        )

    def _death(self, told: Mapping[str, Any]) -> str:
        return _(
            "{home} ended the stay on {day} because of a death. No death is reported yet.",
            home=self.sites.get(told.get("site_id", 0), _("not known")),
            day=told.get("ended_on", ""),
        )


def sites_named(session: Session, findings: Collection[Row[Any]]) -> Mapping[int, str]:
    """Return the names of the canteens in the evidence, and of facilities found out about."""
    named = {one.evidence["canteen_id"] for one in findings if "canteen_id" in one.evidence}
    named |= {one.evidence["site_id"] for one in findings if "site_id" in one.evidence}
    named |= {one.evidence["bed_site_id"] for one in findings if "bed_site_id" in one.evidence}
    named |= {one.site_id for one in findings if one.site_id is not None}
    return find_site_names(session, named)


def programmes_named(session: Session, findings: Collection[Row[Any]]) -> Mapping[str, str]:
    """Return the names of the programmes in the evidence, in the reader's language."""
    codes = {one.evidence["programme"] for one in findings if "programme" in one.evidence}
    return find_programme_names(session, codes, current_language()) if codes else {}


def _difference(told: Mapping[str, Any]) -> str:
    filed, counted = told.get("filed", {}), told.get("counted", {})
    return _(
        "The return of {day} says {filed} occupied and {filed_leave} on leave; the records count"
        " {counted} and {counted_leave}.",
        day=told.get("day", ""),
        filed=filed.get("occupied", ""),
        filed_leave=filed.get("on_leave", ""),
        counted=counted.get("occupied", ""),
        counted_leave=counted.get("on_leave", ""),
    )


def _silence(told: Mapping[str, Any]) -> str:
    return _(
        "{device} in a home was not heard for {hours} hours or more; last: {day}.",
        device=word("device_kind", told.get("device_kind")),
        hours=told.get("silent_hours", ""),
        day=told.get("heard_on") or _("not known"),
    )


def _lack(told: Mapping[str, Any]) -> str:
    """Needed beside present caregivers, for the shifts that lack some."""
    needed, there = told.get("needed", {}), told.get("there", {})
    lacking = [
        _(
            "{shift} {there} of {needed}",
            shift=word("shift", shift),
            there=there.get(shift),
            needed=count,
        )
        for shift, count in needed.items()
        if (there.get(shift) or 0) < count
    ]
    return _(
        "In the week of {week} fewer caregivers are on duty than needed: {shifts}.",
        week=told.get("week", ""),
        shifts=", ".join(lacking),
    )


# What the evidence tells by itself, without names.
PLAIN: Mapping[FindingKind, Callable[[Mapping[str, Any]], str]] = {
    FindingKind.RETURN_DIFFERS: _difference,
    FindingKind.TOO_FEW_CAREGIVERS: _lack,
    FindingKind.HOME_DEVICE_SILENT: _silence,
}
