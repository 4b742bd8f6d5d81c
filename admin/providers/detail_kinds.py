"""What stands beside a site, kind by kind: for each its form, and how it is noted and put right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from admin.providers import site_forms as forms
from admin.providers.reading import DECIDE, KEEP
from server.facilities import licences
from server.providers import details, service
from server.providers.models import SitePaper, SitePrice, SiteStar


@dataclass(frozen=True)
class Kind:
    """A kind of detail; the catalogues name it by `code`, which stands in addresses too."""

    code: str
    form: type[forms.SiteForm]
    permission: str


@dataclass(frozen=True)
class Detail(Kind):
    """Rows that are noted, put right and taken out."""

    model: type[details.Detail]

    def all_of(self, session: Session, site_id: int) -> Sequence[Any]:
        return details.list_details(session, self.model, site_id)

    def get(self, session: Session, site_id: int, detail_id: int) -> Any:
        return details.get_detail(session, self.model, site_id, detail_id)

    def note(self, session: Session, site_id: int, **values: Any) -> None:
        service.note_detail(session, self.model, site_id, values)

    def correct(self, session: Session, site_id: int, detail_id: int, **values: Any) -> None:
        service.correct_detail(session, self.model, site_id, detail_id, values)

    def remove(self, session: Session, site_id: int, detail_id: int) -> None:
        service.remove_detail(session, self.model, site_id, detail_id)


@dataclass(frozen=True)
class Licences(Kind):
    """Licensed beds: the same kind and day again puts a row right."""

    def all_of(self, session: Session, site_id: int) -> Sequence[Any]:
        return licences.list_licences(session, site_id)

    def note(self, session: Session, site_id: int, **values: Any) -> None:
        licences.note_licence(session, site_id, **values)


DetailKind = Detail | Licences

PAPERS = Detail("papers", forms.PaperForm, KEEP, SitePaper)
DETAILS: Sequence[Detail] = (
    PAPERS,
    Detail("stars", forms.StarForm, DECIDE, SiteStar),
    Detail("prices", forms.PriceForm, KEEP, SitePrice),
)
LICENCES = Licences("licences", forms.LicenceForm, DECIDE)
KINDS: Mapping[str, DetailKind] = {kind.code: kind for kind in (*DETAILS, LICENCES)}


def as_typed(kind: DetailKind, row: Any) -> dict[str, str]:
    """Return a row as its form holds it."""
    typed: dict[str, Any] = {}
    for name in kind.form().fields:
        value = getattr(row, kind.form.COLUMNS.get(name, name), None)
        typed[name] = value if value is None or name not in ("lowest", "highest") else value / 100
    if getattr(row, "ends_on", None) is not None:
        typed["last_day"] = row.ends_on - forms.A_DAY
    return {
        name: str(getattr(value, "value", value))
        for name, value in typed.items()
        if value is not None
    }
