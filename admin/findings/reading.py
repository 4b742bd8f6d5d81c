"""What does not fit, in plain words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from admin.formats import yuan
from admin.words import word
from server import masking
from server.findings.models import FindingKind
from server.i18n.catalogues import gettext as _
from server.providers.queries import find_site_names
from server.residents.queries import find_resident_names


@dataclass(frozen=True)
class Names:
    """Whom and which canteens a page of findings speaks of; people with stars."""

    residents: Mapping[int, str]
    sites: Mapping[int, str]

    @classmethod
    def of(cls, session: Session, findings: Sequence[Row[Any]]) -> "Names":
        people = find_resident_names(session, {one.resident_id for one in findings})
        return cls(people, sites_named(session, findings))

    def resident(self, finding: Row[Any]) -> str:
        """Return the masked name; the number alone where the name is not known."""
        name = self.residents.get(finding.resident_id)
        return masking.name(name) if name else f"#{finding.resident_id}"

    def evidence(self, finding: Row[Any]) -> str:
        """Return what does not fit, as one sentence."""
        told = finding.evidence
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
                canteen=self.sites.get(told.get("canteen_id"), _("not known")),
                subsidy=yuan(told.get("subsidy_fen")),
            )
        return _(
            "Reported: {departure} on {day}. A hardship tier was noted from {starts_on} on.",
            **facts,
            starts_on=told.get("starts_on", ""),
        )


def sites_named(session: Session, findings: Collection[Row[Any]]) -> Mapping[int, str]:
    """Return the names of the canteens in the evidence."""
    named = {one.evidence["canteen_id"] for one in findings if "canteen_id" in one.evidence}
    return find_site_names(session, named)
