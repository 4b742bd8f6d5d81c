"""A pack of allowances proves itself: its figures read as rules, and its examples come out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from server.caregivers.allowances.errors import AllowanceRuleUnreadable
from server.caregivers.allowances.given import (
    Basis,
    Certificate,
    Contract,
    Education,
    Known,
    Verdict,
    Work,
)
from server.caregivers.allowances.rulebook import DatedFigure, Rulebook
from server.caregivers.allowances.rules import judge
from server.caregivers.allowances.terms import KEYS, Programme, Strict, read_figure
from server.caregivers.models import Degree, InsurancePayer, Post
from server.policies.service import PACKS

OF_CAREGIVERS = "caregivers"


class AWork(Strict):
    starts_on: date
    ends_on: date | None = None
    site: int = 1
    post: Post = Post.CARE
    is_front_line: bool = True
    is_full_time: bool = True
    on_establishment: bool = False


class AContract(Strict):
    starts_on: date
    ends_on: date | None = None
    of: int = 1
    payer: InsurancePayer = InsurancePayer.EMPLOYER


class AnEducation(Strict):
    degree: Degree
    obtained_on: date
    is_recognised: bool = True


class ACertificate(Strict):
    level: int
    issued_on: date
    valid_until: date | None = None
    annulled_on: date | None = None


class ACaregiver(Strict):
    """What is known of somebody; whatever is not said is as it usually is."""

    works: list[AWork] = []
    contracts: list[AContract] = []
    educations: list[AnEducation] = []
    certificates: list[ACertificate] = []
    attendance: dict[date, int] = {}
    hours: dict[int, int] = {}
    has_payee: bool = True


class Example(Strict):
    """A golden case: what somebody gets by a day, programme by programme, and why not."""

    name: Annotated[str, Field(min_length=3)]
    as_of: date
    caregiver: ACaregiver
    gets: dict[Programme, list[int]]
    because: list[str] = []


EXAMPLES = TypeAdapter(list[Example])


@dataclass(frozen=True)
class Checked:
    """How a pack stood up to its own examples."""

    figures: int
    examples: int
    wrong: Sequence[str]


def list_packs() -> list[str]:
    """Return the packs that say anything of caregivers."""
    return sorted(path.parent.name for path in PACKS.glob(f"*/{OF_CAREGIVERS}.yaml"))


def check_pack(name: str) -> Checked:
    """Read every figure and reckon every example of a pack; say all that is wrong."""
    pack = yaml.safe_load((PACKS / name / f"{OF_CAREGIVERS}.yaml").read_text())
    own = [one for one in pack["parameters"] if one["key"] in KEYS]
    wrong = list(_unreadable(own))
    try:
        examples = EXAMPLES.validate_python(pack.get("examples", []))
    except ValidationError as error:
        return Checked(len(own), 0, [*wrong, *_said(error)])
    if not wrong:
        rulebook = rulebook_of(pack["parameters"])
        wrong = [said for example in examples for said in _differs(example, rulebook)]
    return Checked(len(own), len(examples), wrong)


def rulebook_of(parameters: Sequence[dict[str, Any]]) -> Rulebook:
    """Return a rulebook straight from a pack, without a city."""
    return Rulebook(
        [
            DatedFigure(
                Basis(number, one["key"], one["document"], one["clause"]),
                one["value"], one["starts_on"], one.get("ends_on"),
            )
            for number, one in enumerate(parameters, start=1)
        ]
    )  # fmt: skip


def known_of(told: ACaregiver) -> Known:
    """Return the facts of an example as rules read them."""
    return Known(
        caregiver_id=1,
        keeper_site_id=1,
        has_payee=told.has_payee,
        works=[
            Work(number, one.site, **one.model_dump(exclude={"site"}))
            for number, one in enumerate(told.works, start=1)
        ],
        contracts=[
            Contract(one.of, **one.model_dump(exclude={"of"})) for one in told.contracts
        ],
        educations=[Education(**one.model_dump()) for one in told.educations],
        certificates=[
            Certificate(number=f"example-{number}", **one.model_dump())
            for number, one in enumerate(told.certificates, start=1)
        ],
        attendance=told.attendance,
        minutes={year: 60 * hours for year, hours in told.hours.items()},
    )  # fmt: skip


def reckon_example(example: Example, rulebook: Rulebook) -> Sequence[Verdict]:
    """Return what comes out for the month of the example's day."""
    month = example.as_of.replace(day=1)
    return judge(known_of(example.caregiver), rulebook, month=month, as_of=example.as_of)


def _unreadable(parameters: Sequence[dict[str, Any]]) -> Iterator[str]:
    for one in parameters:
        try:
            read_figure(one["key"], one["value"])
        except AllowanceRuleUnreadable as error:
            yield f"{error.facts['parameter']}: {error.facts['said']}"


def _differs(example: Example, rulebook: Rulebook) -> Iterator[str]:
    verdicts = reckon_example(example, rulebook)
    for programme, amounts in example.gets.items():
        found = [one.amount_fen for one in verdicts if one.programme is programme]
        if found != amounts:
            yield f"{example.name}: {programme}: {found} instead of {amounts}"
    against = {reason.code for one in verdicts for reason in one.reasons if not reason.holds}
    for code in example.because:
        if code not in against:
            yield f"{example.name}: {code} is no reason; these are: {', '.join(sorted(against))}"


def _said(error: ValidationError) -> list[str]:
    return [f"examples.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
