"""Note facts of a person, correct them, and name the day on which they end."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from server.db.refusals import refusing
from server.people.papers import read_contact_phone
from server.residents import register
from server.residents.departures.queries import lock_residents
from server.residents.facts import rules
from server.residents.facts.errors import CertificateOfAnother, FactOverlaps, HukouNowhere
from server.residents.facts.models import (
    ACCOUNT_FIELD,
    CERTIFICATE_FIELD,
    CareInsurance,
    DisabilityCertificate,
    Guardianship,
    Hukou,
    PayeeAccount,
)
from server.residents.facts.queries import Period, get_fact
from server.residents.models import ID_NUMBER_FIELD, Resident
from server.residents.presence import check_still_here
from server.residents.rules import check_period
from server.secrets.fields import keyring

Values = Mapping[str, Any]


def note_fact(session: Session, resident_id: int, model: type[Period], values: Values) -> Period:
    """Note a fact from `starts_on` until the day before `ends_on`, or until it is ended.

    `values` are the columns of the table, with `number` or `account` in the place of what is
    sealed. Raises `NotFound`, `ResidentGone`, `PeriodImpossible`, `FactOverlaps`, and what is wrong
    with the fact: see `rules`, `HukouNowhere`, `CertificateOfAnother`, `ContactPhoneUnusable`.
    """
    register.get_in_reach(session, resident_id)
    _hold_still(session, resident_id)
    check_still_here(session, resident_id)
    check_period(values["starts_on"], values.get("ends_on"))
    fact = model(resident_id=resident_id, **SEALED_AS[model](session, resident_id, values))
    with refusing(session, _refusals(model)):
        session.add(fact)
    return fact


def correct_fact(
    session: Session, resident_id: int, model: type[Period], fact_id: int, values: Values
) -> None:
    """Put right what was noted wrongly; a `number` or `account` of None stays as it is.

    The trail keeps what stood there before. Raises as `note_fact` does, but for `ResidentGone`.
    """
    register.get_in_reach(session, resident_id)
    _hold_still(session, resident_id)
    check_period(values["starts_on"], values.get("ends_on"))
    fact = get_fact(session, model, resident_id, fact_id)
    right = SEALED_AS[model](session, resident_id, {**_kept(fact, values), **_said(values)})
    with refusing(session, _refusals(model)):
        for name, value in right.items():
            setattr(fact, name, value)


def _hold_still(session: Session, resident_id: int) -> None:
    """Two windows write about one person one after the other.

    Where both are at it in the same moment, each waits for the other's row in the constraint that
    lets one fact hold a day, and the database ends one of them without a word of why.
    """
    lock_residents(session, [resident_id])


def end_fact(
    session: Session, resident_id: int, model: type[Period], fact_id: int, *, ends_on: date
) -> None:
    """Let a fact hold until the day before `ends_on`; raises `NotFound`, `PeriodImpossible`.

    A day before the first is the first day, after which nothing held. An end that came sooner
    stays; a correction can put it off.
    """
    register.get_in_reach(session, resident_id)
    fact = get_fact(session, model, resident_id, fact_id)
    if fact.ends_on is None or ends_on < fact.ends_on:
        check_period(fact.starts_on, max(ends_on, fact.starts_on))
        fact.ends_on = max(ends_on, fact.starts_on)
        session.flush()


def account_number(account: PayeeAccount) -> str:
    """Return the whole number of an account; its reader has said why."""
    return keyring().decrypt(bytes(account.account_cipher), ACCOUNT_FIELD)


def certificate_number(certificate: DisabilityCertificate) -> str | None:
    """Return the number of a certificate, if it is noted."""
    sealed = certificate.number_cipher
    return None if sealed is None else keyring().decrypt(bytes(sealed), CERTIFICATE_FIELD)


def _refusals(model: type[Period]) -> Mapping[str, Exception]:
    overlap: Mapping[str, Exception] = {f"ex_{model.__tablename__}_one_a_day": FactOverlaps()}
    return {**overlap, "fk_hukou_division_code": HukouNowhere()}


def _said(values: Values) -> Values:
    """All that is said, and of what is sealed only a new number."""
    return {
        name: value
        for name, value in values.items()
        if value is not None or name not in ("number", "account")
    }


def _kept(fact: Period, values: Values) -> Values:
    """A certificate's kept number judges category and grade; a kept account stays as it is."""
    if isinstance(fact, DisabilityCertificate):
        return {"number": certificate_number(fact)}
    if isinstance(fact, PayeeAccount) and values.get("account") is None:
        return {"account": account_number(fact)}
    return {}


def _as_said(session: Session, resident_id: int, values: Values) -> Values:
    return values


def _hukou(session: Session, resident_id: int, values: Values) -> Values:
    place = values.get("place") or ""
    if (values.get("division_code") is None) != bool(place):
        raise HukouNowhere()
    return {**values, "place": place}


def _certificate(session: Session, resident_id: int, values: Values) -> Values:
    """What the number says, and its seal."""
    number, category, grade = rules.settle_certificate(
        values.get("number"), values.get("category"), values.get("grade")
    )
    known = {name: value for name, value in values.items() if name != "number"}
    known.update(category=category, grade=grade)
    if number is None:
        return known
    _check_is_own(session, resident_id, number)
    return {
        **known,
        "number_cipher": keyring().encrypt(number, CERTIFICATE_FIELD),
        "number_digest": keyring().digest(number, CERTIFICATE_FIELD),
    }


def _check_is_own(session: Session, resident_id: int, number: str) -> None:
    own = session.get_one(Resident, resident_id).id_number_digest
    told = keyring().digest(number[: rules.ID_NUMBER_LENGTH], ID_NUMBER_FIELD)
    if own is not None and bytes(own) != told:
        raise CertificateOfAnother()


def _guardian(session: Session, resident_id: int, values: Values) -> Values:
    return {**values, "phone": read_contact_phone(values["phone"])}


def _account(session: Session, resident_id: int, values: Values) -> Values:
    account = rules.read_account(values["account"])
    return {
        **{name: value for name, value in values.items() if name != "account"},
        "account_cipher": keyring().encrypt(account, ACCOUNT_FIELD),
        "account_digest": keyring().digest(account, ACCOUNT_FIELD),
        "last_four": account[-rules.SHOWN_OF_AN_ACCOUNT :],
    }


SEALED_AS: Mapping[type[Period], Callable[[Session, int, Values], Values]] = {
    Hukou: _hukou,
    DisabilityCertificate: _certificate,
    Guardianship: _guardian,
    CareInsurance: _as_said,
    PayeeAccount: _account,
}
