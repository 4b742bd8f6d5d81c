"""The page of facts, and the form of one of them."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from admin.residents.fact_kinds import DOCUMENTS, KINDS, FactKind
from admin.residents.file_reading import file_page
from admin.words import word
from server.residents import documents, register
from server.residents.facts import queries, service
from server.residents.facts.models import (
    CareScheme,
    DisabilityCategory,
    GuardianBasis,
    HukouKind,
    Incapacity,
)
from server.residents.models import DocumentKind, Relation

CHOICES: Mapping[str, Any] = {
    "hukou_kind": HukouKind,
    "disability_category": DisabilityCategory,
    "incapacity": Incapacity,
    "guardian_basis": GuardianBasis,
    "care_scheme": CareScheme,
    "document_kind": DocumentKind,
    "relation": Relation,
}
GRADES = range(1, 5)
LEVELS = range(6)


def facts_page(session: Session, resident_id: int, **given: Any) -> str:
    """Return the facts, kind by kind, the latest of each first."""
    person = register.get_person(session, resident_id)
    facts = {code: kind.all_of(session, resident_id) for code, kind in KINDS.items()}
    homes = [one.division_code for one in facts["hukou"] if one.division_code]
    return file_page(
        session,
        "facts",
        person,
        facts=facts,
        divisions=queries.find_division_names(session, homes),
        document_numbers={one.id: documents.number_of(one) for one in facts[DOCUMENTS.code]},
        certificate_numbers={
            one.id: service.certificate_number(one) for one in facts["disability"]
        },
        **given,
    )


def form_page(session: Session, resident_id: int, kind: FactKind, **given: Any) -> str:
    """Return the form of a fact, new or, where one is `noted`, to be put right, as `typed`."""
    person = register.get_person(session, resident_id)
    villages = register.list_villages(session)
    divisions = queries.list_hukou_divisions(session, [one.code for one in villages])
    return file_page(
        session,
        "fact_form",
        person,
        part_of="facts",
        kind=kind.code,
        choices={
            name: [(one.value, word(name, one)) for one in of_kind]
            for name, of_kind in CHOICES.items()
        },
        grades=[(one, word("disability_grade", str(one))) for one in GRADES],
        levels=[(one, word("care_level", str(one))) for one in LEVELS],
        villages=villages,
        divisions=divisions,
        **{"typed": {}, "noted": None, **given},
    )
