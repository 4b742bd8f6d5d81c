"""Whose assessments are looked at, and how the sheet and its result are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from admin.residents.assessment_forms import CHECK, FINDINGS
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, Kind
from server.i18n.catalogues import current_language, problem_sentence
from server.identity.roles import reach_of
from server.meals.rules import full_years
from server.policies.queries import get_figures
from server.residents.assessments import rules
from server.residents.assessments.models import NOTE_FIELD
from server.residents.assessments.queries import get_assessed_resident
from server.residents.assessments.scale import Scale, Text, scales
from server.residents.assessments.service import judge_sheet
from server.residents.assessments.sheet import Sheet
from server.secrets.fields import keyring

SEE, ASSESS, REVIEW = (
    "residents.see-assessments",
    "residents.assess",
    "residents.review-assessment",
)


def open_resident(session: Session, resident_id: int, permission: str) -> Row[Any]:
    """Return the resident, as far as the actor's offices reach; raises `NotFound`."""
    reach = reach_of(actor_of(session), permission)
    return get_assessed_resident(session, resident_id, prefixes=reach.prefixes)


def told(refusal: DomainError) -> str:
    """Return the sentence of a refusal; what is not found stays not found."""
    if refusal.kind is Kind.NOT_FOUND:
        raise refusal
    return problem_sentence(refusal.code, refusal.facts)


def in_words(text: Text | None) -> str:
    """Return a text of the scale in the reader's language."""
    return "" if text is None else text["zh" if current_language() == "zh-CN" else "en"]


def age_of(resident: Row[Any], *, on: date | None = None) -> int:
    return full_years(resident.born_on, on=on or clock.today())


def note_of(assessment: Row[Any]) -> str:
    """Return what was written when the assessment was given back or withdrawn."""
    cipher = assessment.note_cipher
    return keyring().decrypt(bytes(cipher), NOTE_FIELD) if cipher else ""


@dataclass(frozen=True)
class Standing:
    """Where a sheet stands while it is filled in; `outcome` is there once it is complete."""

    tally: rules.Tally
    outcome: rules.Outcome | None
    refusal: str = ""


def standing_of(session: Session, assessment: Row[Any], sheet: Sheet) -> Standing:
    """Return the sums so far, and the provisional level where nothing is missing."""
    tally = rules.tally(scales()[assessment.scale_version], sheet.points)
    if tally.missing:
        return Standing(tally, None)
    figures = get_figures(session, rules.FIGURES_OF_AN_ASSESSMENT, on=assessment.assessed_on)
    try:
        return Standing(tally, judge_sheet(assessment.scale_version, sheet, figures))
    except DomainError as refusal:
        return Standing(tally, None, told(refusal))


@dataclass(frozen=True)
class Step:
    """One step of the form; `answered` of `of` items, or None where nothing is counted."""

    code: str
    name: Text | None
    answered: int | None = None
    of: int | None = None

    @property
    def is_done(self) -> bool:
        return self.of is not None and self.answered == self.of


def steps_of(scale: Scale, points: Mapping[str, int]) -> Sequence[Step]:
    """Return the steps in their order, each with how far it is."""
    sections = [
        Step(
            section.code,
            section.name,
            sum(item.code in points for item in section.items),
            len(section.items),
        )
        for section in scale.sections
    ]
    return [*sections, Step(FINDINGS, None), Step(CHECK, None)]


@dataclass(frozen=True)
class Dimension:
    """A section's sum of this result, and of the one before where there is one."""

    clause: str
    name: Text
    most: int
    now: int
    before: int | None

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.now - self.before


def dimensions(scale: Scale, result: Row[Any], before: Row[Any] | None) -> Sequence[Dimension]:
    """Return the four sums; a result of another scale is not compared."""
    is_comparable = before is not None and before.scale_version == result.scale_version
    return [
        Dimension(
            section.clause,
            section.name,
            section.most,
            getattr(result, section.code),
            getattr(before, section.code) if is_comparable else None,
        )
        for section in scale.sections
    ]
