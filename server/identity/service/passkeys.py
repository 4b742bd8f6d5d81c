"""Passkeys of staff (W3C Web Authentication Level 3): added by their owner, opening by themselves.

A passkey is both factors at once: something one has, that opens only for the finger, face or PIN
it knows. What it signs is asked once, kept here for five minutes, and bound to our own address.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import delete, literal, update
from sqlmodel import Session, col
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server import clock
from server.db.refusals import refusing
from server.db.sessions import KeptRefusal, actor_of
from server.errors import NotFound
from server.identity import one_time, queries, rules
from server.identity.errors import (
    LockedOut,
    PasskeyDoubted,
    PasskeyKnown,
    PasskeyRefused,
    SecondStepMissing,
)
from server.identity.models import Passkey, PasskeyChallenge, SecondFactor, Staff
from server.identity.service.passwords import check_present
from server.identity.service.sign_ins import SignedIn, open_sign_in
from server.identity.service.staff_door import Caller
from server.identity.service.telling import tell_staff
from server.identity.service.throttles import check_open, count

# What parsing what a browser sends can end in, besides the library's own refusals.
UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class House:
    """The name that passkeys are bound to, and the address from which they may be used."""

    domain: str
    origin: str


def ask_to_add(session: Session, *, present: str, house: House) -> str:
    """Return, as JSON for the browser, what a new passkey of the signed-in person is asked.

    The person has typed their password once more. Raises `PasswordWrong` (the try counts),
    `LockedOut`, and `SecondStepMissing` where the account has a second step not passed here.
    """
    staff = check_present(session, present)
    assert staff.id is not None, "a stored row has its key"
    _check_second_step_passed(session, staff.id)
    options = generate_registration_options(
        rp_id=house.domain,
        rp_name=one_time.ISSUER,
        user_id=_handle_of(staff.id),
        user_name=staff.sign_in_name,
        user_display_name=staff.display_name,
        challenge=_new_challenge(session, staff_id=staff.id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=one.credential_id)
            for one in queries.list_passkeys(session, staff.id)
        ],
    )
    return options_to_json(options)


def add(session: Session, *, label: str, answer: str, house: House) -> Passkey:
    """Keep the passkey that the signed-in person's browser has made, and tell the person.

    Raises `PasskeyRefused`, and `PasskeyKnown` for one that was added before.
    """
    staff_id = actor_of(session).staff_id or 0
    credential, challenge = _read(answer)
    _use_challenge(session, challenge, staff_id=staff_id)
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=house.domain,
            expected_origin=house.origin,
            require_user_verification=True,
        )
    except UNREADABLE as error:
        raise PasskeyRefused() from error
    passkey = Passkey(
        staff_id=staff_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports_of(credential),
        label=label,
        created_at=clock.now(),
    )
    with refusing(session, {"uq_passkey_credential_id": PasskeyKnown()}):
        session.add(passkey)
    tell_staff(session, queries.get_staff(session, staff_id), "identity.passkey_added")
    return passkey


def ask_to_come_in(session: Session, *, house: House, caller: Caller) -> str:
    """Return, as JSON for the browser, what a passkey is asked to come in; raises `LockedOut`."""
    bucket = f"passkey/asked/{caller.address}"
    count(session, bucket, rules.PASSKEYS_ASKED_PER_ADDRESS, refusal=LockedOut)
    options = generate_authentication_options(
        rp_id=house.domain,
        challenge=_new_challenge(session, staff_id=None),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def come_in(session: Session, *, answer: str, house: House, caller: Caller) -> SignedIn:
    """Sign in by a passkey, which counts as both factors.

    Raises `PasskeyRefused` (the try counts), `PasskeyDoubted` for a copy, whose key is closed and
    whose owner is told, and `LockedOut`.
    """
    bucket = f"passkey/refused/{caller.address}"
    check_open(session, bucket, rules.WRONG_PASSKEYS_PER_ADDRESS)
    try:
        passkey, signed = _verified(session, answer, house)
    except PasskeyRefused as refusal:
        count(session, bucket, rules.WRONG_PASSKEYS_PER_ADDRESS, refusal=LockedOut)
        raise KeptRefusal(refusal) from refusal
    if not _counts_on(session, passkey, signed):
        _doubt(session, passkey)
        raise KeptRefusal(PasskeyDoubted())
    return open_sign_in(
        session,
        staff_id=passkey.staff_id,
        device_label=caller.device_label,
        now=clock.now(),
        lasts=rules.STAFF_SIGN_IN_LASTS,
        may_pause=rules.STAFF_MAY_PAUSE,
        second_factor_at=clock.now(),
    )


def rename(session: Session, passkey_id: int, label: str) -> None:
    """Call one of the signed-in person's passkeys otherwise; raises `NotFound`."""
    _get_own(session, passkey_id).label = label
    session.flush()


def remove(session: Session, passkey_id: int) -> None:
    """Revoke one of the signed-in person's passkeys; twice is as good as once."""
    _get_own(session, passkey_id)
    revoke(session, actor_of(session).staff_id or 0, passkey_id=passkey_id)


def revoke(session: Session, staff_id: int, *, passkey_id: int | None = None) -> int:
    """Revoke the passkeys of a member of staff, or one of them; returns how many."""
    which = [col(Passkey.staff_id) == staff_id, col(Passkey.revoked_at).is_(None)]
    if passkey_id is not None:
        which.append(col(Passkey.id) == passkey_id)
    revoked = update(Passkey).where(*which).values(revoked_at=clock.now()).returning(literal(1))
    return len(session.execute(revoked, execution_options=_APART).all())


def _check_second_step_passed(session: Session, staff_id: int) -> None:
    """Without it, who knows the password alone would make both factors of it."""
    factor = session.get(SecondFactor, staff_id)
    sign_in = queries.get_sign_in(session, actor_of(session).sign_in_id or 0)
    if factor is not None and factor.confirmed_at is not None and sign_in.second_factor_at is None:
        raise SecondStepMissing()


def _new_challenge(session: Session, *, staff_id: int | None) -> bytes:
    challenge, now = secrets.token_bytes(32), clock.now()
    session.add(
        PasskeyChallenge(
            challenge_digest=_digest(challenge),
            staff_id=staff_id,
            created_at=now,
            expires_at=now + rules.PASSKEY_CHALLENGE_LIVES,
        )
    )
    session.flush()
    return challenge


def _use_challenge(session: Session, challenge: bytes, *, staff_id: int | None) -> None:
    """Take what was asked, once; raises `PasskeyRefused` for what was not, or of somebody else."""
    used = delete(PasskeyChallenge).where(
        col(PasskeyChallenge.challenge_digest) == _digest(challenge),
        col(PasskeyChallenge.staff_id).is_not_distinct_from(staff_id),
        col(PasskeyChallenge.expires_at) > clock.now(),
    )
    if session.execute(used.returning(literal(1)), execution_options=_APART).first() is None:
        raise PasskeyRefused()


def _verified(session: Session, answer: str, house: House) -> tuple[Passkey, int]:
    """Return whose passkey has signed what was asked at the door, and how far it has counted."""
    credential, challenge = _read(answer)
    _use_challenge(session, challenge, staff_id=None)
    passkey = _find_open(session, credential)
    try:
        signed = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=house.domain,
            expected_origin=house.origin,
            credential_public_key=passkey.public_key,
            # Whether it counts on is for the database to say, between two that come at once.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except UNREADABLE as error:
        raise PasskeyRefused() from error
    return passkey, signed.new_sign_count


def _find_open(session: Session, credential: dict[str, Any]) -> Passkey:
    """Return the passkey, if its owner may come in by it; raises `PasskeyRefused`."""
    try:
        credential_id = base64url_to_bytes(credential["rawId"])
        handle = credential["response"].get("userHandle")
        holder = base64url_to_bytes(handle) if handle else None
    except UNREADABLE as error:
        raise PasskeyRefused() from error
    passkey = queries.find_open_passkey(session, credential_id)
    if passkey is None or holder not in (None, _handle_of(passkey.staff_id)):
        raise PasskeyRefused()
    return passkey


def _counts_on(session: Session, passkey: Passkey, signed: int) -> bool:
    """Note the count of a passkey, if it has grown since the last time, or it never counts."""
    grown = (col(Passkey.sign_count) < signed) | (col(Passkey.sign_count) + signed == 0)
    noted = (
        update(Passkey)
        .where(col(Passkey.id) == passkey.id, col(Passkey.revoked_at).is_(None), grown)
        .values(sign_count=signed, last_used_at=clock.now())
    )
    return (
        session.execute(noted.returning(literal(1)), execution_options=_APART).first() is not None
    )


def _doubt(session: Session, passkey: Passkey) -> None:
    """Close a key of which there seem to be two, whichever of them is the thief's."""
    now = clock.now()
    closed = update(Passkey).where(col(Passkey.id) == passkey.id, col(Passkey.revoked_at).is_(None))
    session.execute(closed.values(revoked_at=now, doubted_at=now), execution_options=_APART)
    staff: Staff = queries.get_staff(session, passkey.staff_id)
    tell_staff(session, staff, "identity.passkey_doubted")


def _get_own(session: Session, passkey_id: int) -> Passkey:
    passkey = session.get(Passkey, passkey_id)
    if passkey is None or passkey.staff_id != actor_of(session).staff_id:
        raise NotFound()
    return passkey


def _read(answer: str) -> tuple[dict[str, Any], bytes]:
    """Return what the browser has sent, and what it says it was asked."""
    try:
        credential = orjson.loads(answer)
        client_data = base64url_to_bytes(credential["response"]["clientDataJSON"])
        return credential, parse_client_data_json(client_data).challenge
    except UNREADABLE as error:
        raise PasskeyRefused() from error


def _transports_of(credential: dict[str, Any]) -> list[str]:
    """How the key is reached, a hint for the next time, in the words of the specification alone."""
    said = credential["response"].get("transports") or []
    return [one for one in rules.PASSKEY_TRANSPORTS if isinstance(said, list) and one in said]


def _handle_of(staff_id: int) -> bytes:
    return f"staff:{staff_id}".encode()


def _digest(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()


_APART = {"synchronize_session": False}
