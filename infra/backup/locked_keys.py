"""The keys of a city, readable to whoever knows the passphrase and to nobody else.

scrypt makes a key of the passphrase and AES-256-GCM locks with it. What the keys belong to (the
manifest, and by its hash the data) is authenticated with them: changed or exchanged, it is refused.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import Connection, text

from infra.backup.impossible import BackupImpossible
from server.i18n.catalogues import gettext as _
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import FieldUnreadable, keyring_from
from server.settings import Settings

NAMES = {
    "field_keys": "YINLING_FIELD_KEYS",
    "index_key": "YINLING_INDEX_KEY",
    "context_key": "YINLING_CONTEXT_KEY",
}
COST = {"n": 2**15, "r": 8, "p": 1}  # 32 MB and about a tenth of a second for each guess
DEAREST = {"n": 2**20, "r": 16, "p": 4}  # so that a made-up file cannot eat the machine
NONCE_BYTES = 12


@dataclass(frozen=True)
class Keys:
    """What reads a city's encrypted columns, finds in them, and opens its transactions."""

    field_keys: str
    index_key: str
    context_key: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the keys that this process holds."""
        return cls(**{name: getattr(settings, name).get_secret_value() for name in NAMES})

    @classmethod
    def in_environment(cls, environ: Mapping[str, str]) -> Self:
        """Return the keys that the environment names; empty where it names none."""
        return cls(**{name: environ.get(variable, "") for name, variable in NAMES.items()})

    def __repr__(self) -> str:
        return "Keys(…)"

    @property
    def lines(self) -> str:
        """The keys as lines of an environment file."""
        return "".join(f"{variable}={getattr(self, name)}\n" for name, variable in NAMES.items())


def check_keys(connection: Connection, schema: str, keys: Keys) -> None:
    """Raise unless these keys open the city's transactions and read one of its ID numbers."""
    digest = connection.execute(text(f"SELECT platform_digest FROM {schema}.context_secret"))
    ciphers = connection.execute(
        text(
            f"SELECT id_number_cipher FROM {schema}.resident"
            " WHERE id_number_cipher IS NOT NULL ORDER BY id DESC LIMIT 1"
        )
    )
    try:
        keyring = keyring_from(keys.field_keys, keys.index_key)
        for cipher in ciphers.scalars():
            keyring.decrypt(bytes(cipher), ID_NUMBER_FIELD)
    except (FieldUnreadable, ValueError) as failure:
        raise BackupImpossible(_("The keys do not read the ID numbers of this city.")) from failure
    if digest.scalar_one() != hashlib.sha256(keys.context_key.encode()).digest():
        raise BackupImpossible(_("The context key is not the one that this city was set up with."))


def lock(keys: Keys, passphrase: str, *, belonging_to: bytes) -> bytes:
    """Return the keys so that only this passphrase gives them back, and only beside the same."""
    salt, nonce = os.urandom(16), os.urandom(NONCE_BYTES)
    plain = json.dumps(asdict(keys)).encode()
    locked = _aead(passphrase, salt, COST).encrypt(nonce, plain, belonging_to)
    return json.dumps(
        {
            "lock": "scrypt, AES-256-GCM",
            **COST,
            "salt": _text(salt),
            "locked": _text(nonce + locked),
        }
    ).encode()


def unlock(content: bytes, passphrase: str, *, belonging_to: bytes) -> Keys:
    """Return the keys; raises where the passphrase is another or anything was changed."""
    try:
        box = json.loads(content)
        cost = {name: int(box[name]) for name in COST}
        salt, locked = base64.b64decode(box["salt"]), base64.b64decode(box["locked"])
        if any(cost[name] > DEAREST[name] for name in COST):
            raise ValueError("too dear")
        aead = _aead(passphrase, salt, cost)
        plain = aead.decrypt(locked[:NONCE_BYTES], locked[NONCE_BYTES:], belonging_to)
        return Keys(**json.loads(plain))
    except InvalidTag:
        raise BackupImpossible(
            _("This passphrase does not open the backup. Nothing was restored.")
        ) from None
    except (ValueError, KeyError, TypeError) as failure:
        raise BackupImpossible(_("The keys in this backup are damaged.")) from failure


def _aead(passphrase: str, salt: bytes, cost: Mapping[str, int]) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, **cost).derive(passphrase.encode()))


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
