"""Ask for a copy, and hand it out.

Asking is an act of its own, so that it is written down and counted; handing out only reads.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from server import clock, masking
from server.caregivers.models import ID_NUMBER_FIELD as CAREGIVERS_ID_NUMBER_FIELD
from server.caregivers.queries import find_own
from server.caregivers.registering import last_of_account
from server.db.sessions import actor_of
from server.errors import NotAllowed
from server.identity.service.throttles import count
from server.own_data import queries
from server.own_data.errors import CopyAskedTooOften, CopyNotAskedFor
from server.own_data.queries import Rows
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import keyring

# The plan of the product; no regulation sets either.
COPIES_PER_ACCOUNT = (5, timedelta(days=1))
HANDED_OUT_FOR = timedelta(minutes=30)
BY_STAFF = ("opening", "caregiver_opening", "act")


def ask_for_copy(session: Session) -> None:
    """Let the present device fetch a copy for half an hour. Raises `CopyAskedTooOften`."""
    bucket = f"own-data/account/{_account_id(session)}"
    count(session, bucket, COPIES_PER_ACCOUNT, refusal=CopyAskedTooOften)


def make_copy(session: Session, *, asked_by: str) -> Mapping[str, Rows]:
    """Return table → rows of the signed-in account and of the residents who sign in by it.

    `asked_by` is the action whose act lets it be handed out. ID numbers and bank accounts are
    masked, because a copy lies about. Raises `CopyNotAskedFor`.
    """
    actor = actor_of(session)
    since = clock.now() - HANDED_OUT_FOR
    if not queries.has_asked(
        session, action=asked_by, sign_in_id=actor.sign_in_id or 0, since=since
    ):
        raise CopyNotAskedFor()
    own = actor.own_resident_ids
    parts = queries.list_parts(session, account_id=_account_id(session), resident_ids=own)
    numbers = queries.list_id_ciphers(session, own)
    return {
        **parts,
        "resident": [_with_number(row, numbers) for row in parts["resident"]],
        "caregiver": [_with_secrets(session, row) for row in parts["caregiver"]],
        **_with_staff(session, {name: parts[name] for name in BY_STAFF}),
    }


def _with_staff(session: Session, parts: Mapping[str, Rows]) -> Mapping[str, Rows]:
    """Who looked and who did it is told by name."""
    seen = {row["staff_id"] for rows in parts.values() for row in rows} - {None}
    names = queries.find_names_of_staff(session, list(seen))
    return {
        part: [{**row, "staff_name": names.get(row["staff_id"])} for row in rows]
        for part, rows in parts.items()
    }


def _with_number(row: Mapping[str, Any], numbers: Mapping[int, bytes]) -> Mapping[str, Any]:
    sealed = numbers.get(row["id"])
    number = masking.id_number(keyring().decrypt(sealed, ID_NUMBER_FIELD)) if sealed else None
    return {**row, "id_number": number}


def _with_secrets(session: Session, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of a caregiver: the number as of a resident's, and the end of the account that is paid to."""
    caregiver = find_own(session, account_id=row["account_id"])
    if caregiver is None:
        return row
    number = keyring().decrypt(caregiver.id_number_cipher, CAREGIVERS_ID_NUMBER_FIELD)
    last = last_of_account(caregiver)
    return {
        **row,
        "id_number": masking.id_number(number),
        "payee_account": f"****{last}" if last else None,
    }


def _account_id(session: Session) -> int:
    account_id = actor_of(session).account_id
    if account_id is None:
        raise NotAllowed()
    return account_id
