"""Whom a document means: one resident in reach, by ID number, or by name and birthday."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server.errors import NotFound
from server.people.papers import check_id_number
from server.residents.errors import NameDisagrees, PersonAmbiguous
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import keyring

# By ID number; else by name and birthday. A number that nobody has may belong to somebody who is
# registered without one, never to somebody who has another. Whoever was merged is meant under the
# number that was kept.
FIND = text(
    """
    WITH wanted AS (
        SELECT * FROM jsonb_to_recordset(CAST(:wanted AS jsonb))
            AS w(place bigint, digest text, name text, born_on date)
    )
    SELECT w.place, r.id, r.name FROM wanted w
      JOIN resident r ON r.id_number_digest = decode(w.digest, 'hex')
    UNION
    SELECT w.place, kept_of(r.id), r.name FROM wanted w
      JOIN resident r ON r.name = w.name AND r.born_on = w.born_on
     WHERE w.digest IS NULL
        OR (r.id_number_digest IS NULL
            AND NOT EXISTS (SELECT 1 FROM resident other
                             WHERE other.id_number_digest = decode(w.digest, 'hex')))
     ORDER BY 1, 2
    """
)


@dataclass(frozen=True)
class Named:
    """How a document names somebody; without a digest, name and birthday must do."""

    name: str
    digest: bytes | None
    born_on: date | None


def find_meant(session: Session, named: Sequence[Named]) -> list[list[Row[Any]]]:
    """Return for each of these the residents (id, name) who could be meant, in one statement."""
    wanted = [
        {
            "place": place,
            "digest": one.digest.hex() if one.digest else None,
            "name": one.name,
            "born_on": one.born_on,
        }
        for place, one in enumerate(named)
    ]
    found: list[list[Row[Any]]] = [[] for _ in named]
    values = {"wanted": json.dumps(wanted, default=str)}
    for match in session.connection().execute(FIND, values).all():
        found[match.place].append(match)
    return found


def settle(named: Named, matches: Sequence[Row[Any]]) -> int:
    """Return the one resident who is meant.

    Raises `NotFound`, `PersonAmbiguous` where several could be, and `NameDisagrees` where the ID
    number belongs to somebody of another name.
    """
    if not matches:
        raise NotFound()
    if len(matches) > 1:
        raise PersonAmbiguous(number=len(matches))
    if matches[0].name != named.name:
        raise NameDisagrees()
    return int(matches[0].id)


def get_meant(session: Session, *, name: str, id_number: str | None, born_on: date | None) -> int:
    """Return the resident in the actor's reach whom name, ID number or birthday mean.

    Raises `IdNumberUnusable` and what `settle` raises.
    """
    digest = None
    if id_number is not None:
        digest = keyring().digest(check_id_number(id_number), ID_NUMBER_FIELD)
    named = Named(name, digest, born_on)
    [matches] = find_meant(session, [named])
    return settle(named, matches)
