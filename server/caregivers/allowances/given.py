"""What is known of one caregiver, what holds in the city, and what comes out: plain values."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from server.caregivers.allowances.days import Span
from server.caregivers.allowances.terms import (
    Conditions,
    Continuity,
    Instalment,
    Per,
    Programme,
    Terms,
)
from server.caregivers.models import BreachKind, Degree, InsurancePayer, Post

SCALE = list(Degree)


@dataclass(frozen=True)
class Work:
    """One employment."""

    id: int
    site_id: int
    post: Post
    is_front_line: bool
    is_full_time: bool
    on_establishment: bool
    starts_on: date
    ends_on: date | None

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on)

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True)
class Contract:
    employment_id: int
    starts_on: date
    ends_on: date | None
    payer: InsurancePayer

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True)
class Education:
    degree: Degree
    obtained_on: date
    is_recognised: bool
    recognised_on: date | None = None

    @property
    def rank(self) -> int:
        return SCALE.index(self.degree)

    def is_recognised_on(self, day: date) -> bool:
        """True where the recognition was in the file by the day."""
        return self.is_recognised and (self.recognised_on is None or self.recognised_on <= day)


@dataclass(frozen=True)
class Certificate:
    level: int
    number: str
    issued_on: date
    valid_until: date | None = None
    annulled_on: date | None = None
    is_proved: bool = False

    def is_good_on(self, day: date) -> bool:
        is_whole = self.annulled_on is None or self.annulled_on > day
        return self.issued_on <= day and is_whole and not self.is_expired_on(day)

    def is_expired_on(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until < day


@dataclass(frozen=True)
class Breach:
    kind: BreachKind
    happened_on: date
    cleared_on: date | None
    document: str

    def is_open_on(self, day: date) -> bool:
        return self.happened_on <= day and (self.cleared_on is None or self.cleared_on > day)


@dataclass(frozen=True)
class Known:
    """Everything that allowances ask about one caregiver. The order of rows means nothing."""

    caregiver_id: int
    keeper_site_id: int
    has_payee: bool
    works: Sequence[Work] = ()
    contracts: Sequence[Contract] = ()
    educations: Sequence[Education] = ()
    certificates: Sequence[Certificate] = ()
    attendance: Mapping[date, int] = field(default_factory=dict)
    minutes: Mapping[int, int] = field(default_factory=dict)
    breaches: Sequence[Breach] = ()


@dataclass(frozen=True)
class Basis:
    """What a figure rests on."""

    parameter_id: int
    key: str
    document: str
    clause: str

    @property
    def told(self) -> Mapping[str, Any]:
        return vars(self)


@dataclass(frozen=True)
class Rule:
    """One programme as it holds on a day, each part with its basis."""

    programme: Programme
    amounts: Any
    instalments: Sequence[Instalment]
    conditions: Conditions
    continuity: Continuity
    terms: Terms
    bases: Mapping[str, Basis]
    hours_a_year: int | None = None

    @property
    def per(self) -> Per:
        usual = Per.MONTH if self.programme is Programme.POST_ALLOWANCE else Per.ONCE
        return self.terms.per or usual


@dataclass(frozen=True)
class Reason:
    """One thing that was looked at: whether it holds, the facts, and the figure behind it."""

    code: str
    holds: bool
    facts: Mapping[str, Any] = field(default_factory=dict)
    basis: Basis | None = None

    @property
    def told(self) -> Mapping[str, Any]:
        """What is written down; days are text."""
        facts = {name: _plain(value) for name, value in self.facts.items()}
        basis = None if self.basis is None else self.basis.told
        return {"code": self.code, "holds": self.holds, "facts": facts, "basis": basis}


@dataclass(frozen=True)
class Verdict:
    """What comes out for a programme and a period: an amount, or none, and every reason.

    `standard_fen` is what it would come to if everything held. `due_on` of an instalment is the
    day on which its years are full; while that is ahead nobody is entitled yet. `month` is the one
    in which it falls.
    """

    programme: Programme
    period: str
    site_id: int
    reasons: Sequence[Reason]
    standard_fen: int
    band: str
    due_on: date | None
    month: date | None
    is_ahead: bool = False

    @property
    def is_entitled(self) -> bool:
        return not self.is_ahead and all(reason.holds for reason in self.reasons)

    @property
    def amount_fen(self) -> int:
        return self.standard_fen if self.is_entitled else 0

    @property
    def told(self) -> list[Mapping[str, Any]]:
        return [reason.told for reason in self.reasons]

    @property
    def digest(self) -> bytes:
        """A digest of everything the verdict rests on: another one is another verdict."""
        rests_on = [
            self.programme, self.period, self.site_id, self.standard_fen, self.band,
            _plain(self.due_on), self.is_ahead, self.told,
        ]  # fmt: skip
        canonical = json.dumps(rests_on, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(canonical.encode()).digest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
