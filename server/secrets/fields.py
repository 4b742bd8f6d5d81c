"""Encrypt, decrypt and index single fields.

AES-256-GCM now. Whoever needs SM4 writes another `FieldCipher` and gives its keys another name:
the name of the key stands before every ciphertext, so that both can live side by side.
"""

import base64
import hmac
import os
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
NAME_ENDS = b":"


class FieldUnreadable(ValueError):
    """The ciphertext was changed, belongs to another field, or its key is not held here."""


class FieldCipher(Protocol):
    """Turns plain bytes into sealed bytes and back; `field` ties them to one column."""

    def encrypt(self, plain: bytes, field: bytes) -> bytes: ...

    def decrypt(self, sealed: bytes, field: bytes) -> bytes: ...


class AesGcmCipher:
    """AES-256-GCM with a fresh nonce before each ciphertext; the field's name is authenticated."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def encrypt(self, plain: bytes, field: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, field)

    def decrypt(self, sealed: bytes, field: bytes) -> bytes:
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], field)
        except (InvalidTag, ValueError) as error:
            raise FieldUnreadable(field.decode()) from error


@dataclass(frozen=True)
class Keyring:
    """The keys one process holds: the newest encrypts, all of them decrypt."""

    ciphers: dict[str, FieldCipher]
    newest: str
    index_key: bytes

    def encrypt(self, plain: str, field: str) -> bytes:
        """Return `key name:ciphertext` for storing."""
        return self.encrypt_bytes(plain.encode(), field)

    def encrypt_bytes(self, plain: bytes, field: str) -> bytes:
        """As `encrypt`, for what is no text: a picture, for instance."""
        body = self.ciphers[self.newest].encrypt(plain, field.encode())
        return self.newest.encode() + NAME_ENDS + body

    def decrypt(self, sealed: bytes, field: str) -> str:
        """Return the plain text; raises `FieldUnreadable`."""
        return self.decrypt_bytes(sealed, field).decode()

    def decrypt_bytes(self, sealed: bytes, field: str) -> bytes:
        """Return the plain bytes; raises `FieldUnreadable`."""
        name, _, body = sealed.partition(NAME_ENDS)
        cipher = self.ciphers.get(name.decode(errors="replace"))
        if cipher is None:
            raise FieldUnreadable(field)
        return cipher.decrypt(body, field.encode())

    def digest(self, plain: str, field: str) -> bytes:
        """Return the keyed digest by which an equal value is found again (blind index)."""
        return hmac.digest(self.index_key, f"{field}\0{plain}".encode(), "sha256")


def keyring_from(field_keys: str, index_key: str) -> Keyring:
    """Read `name:base64,name:base64` (newest first) and a base64 index key; raises `ValueError`."""
    ciphers: dict[str, FieldCipher] = {}
    for part in filter(None, field_keys.split(",")):
        name, _, encoded = part.strip().partition(":")
        ciphers[name] = AesGcmCipher(_key_bytes(encoded))
    if not ciphers:
        raise ValueError("YINLING_FIELD_KEYS names no key")
    return Keyring(ciphers, next(iter(ciphers)), _key_bytes(index_key))


def _key_bytes(encoded: str) -> bytes:
    key = base64.b64decode(encoded, validate=True)
    if len(key) != 32:
        raise ValueError("a key must be 32 bytes in base64")
    return key


_held: list[Keyring] = []


def hold(keyring: Keyring) -> None:
    """Give this process its keys, once at start."""
    _held[:] = [keyring]


def keyring() -> Keyring:
    """Return the keys of this process; raises `IndexError` when none were given."""
    return _held[0]
