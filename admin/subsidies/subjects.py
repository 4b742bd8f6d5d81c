"""What cases rest on, in words: `入住 · 裴** · 203-1 床 · 2026-01-05 起`. Names are masked."""

from collections.abc import Iterable, Iterator, Mapping

from sqlmodel import Session

from admin.words import word
from server import masking
from server.i18n.catalogues import gettext as _
from server.subsidies.facts.subjects import Subject, find_subjects

BEDS = ("stay", "home_bed")
OF_A_MONTH = ("meal_settlement", "care_allowance", "caregiver_entitlement")
SINCE = ("stay", "bed_licence")


def subjects_in_words(session: Session, subjects: Iterable[str]) -> Mapping[str, str]:
    """Return what each `kind:key` is; its number alone where the reader does not see more."""
    found = find_subjects(session, subjects)
    return {one: " · ".join(_parts(subject)) for one, subject in found.items()}


def _parts(one: Subject) -> Iterator[str]:
    yield word("trail_table", one.kind)
    if one.person:
        yield masking.name(one.person)
    if one.called:
        yield _("bed {label}", label=one.called) if one.kind in BEDS else one.called
    if one.on_day:
        yield _day(one)
    if not (one.person or one.called):
        yield _("No. {number}", number=one.key)


def _day(one: Subject) -> str:
    if one.kind in OF_A_MONTH:
        return f"{one.on_day:%Y-%m}"
    return _("from {day}", day=one.on_day) if one.kind in SINCE else f"{one.on_day}"
