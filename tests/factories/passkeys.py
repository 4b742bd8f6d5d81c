"""A made-up authenticator with keys in it, as a phone or a stick has them."""

import hashlib
import json
import secrets
import struct

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
UNKNOWN_MAKER = bytes(16)


class MadeUpAuthenticator:
    """Answers what a browser is asked: one passkey, whose count grows with each use.

    `verifies=False` is one that asks for no finger, face or PIN.
    """

    def __init__(self, *, origin="http://localhost", domain="localhost", verifies=True):
        self.origin, self.domain, self.verifies = origin, domain, verifies
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.handle = None
        self.count = 0

    def copy(self):
        """The same key in a thief's hand, as it counts at this moment."""
        stolen = MadeUpAuthenticator(origin=self.origin, domain=self.domain)
        stolen.key, stolen.credential_id = self.key, self.credential_id
        stolen.handle, stolen.count = self.handle, self.count
        return stolen

    def make(self, options):
        """Return the JSON of a new passkey."""
        asked = json.loads(options)
        self.handle = base64url_to_bytes(asked["user"]["id"])
        attested = UNKNOWN_MAKER + struct.pack(">H", len(self.credential_id)) + self.credential_id
        data = self._data(ATTESTED) + attested + self.public_key
        sealed = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": self._client_data("webauthn.create", asked["challenge"]),
                "attestationObject": sealed,
            },
            transports=["internal"],
        )

    def sign(self, options, *, counts=True):
        """Return the JSON of a signature over what is asked."""
        self.count += int(counts)
        asked = json.loads(options)
        client_data = self._client_data("webauthn.get", asked["challenge"])
        data = self._data(0)
        signed = data + hashlib.sha256(client_data).digest()
        return self._answer(
            {
                "clientDataJSON": client_data,
                "authenticatorData": data,
                "signature": self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
                "userHandle": self.handle,
            }
        )

    def _client_data(self, kind, challenge):
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, flags):
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        named = hashlib.sha256(self.domain.encode()).digest()
        return named + struct.pack(">BI", flags, self.count)

    @property
    def public_key(self):
        """As the specification writes it down (COSE, RFC 9053)."""
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _answer(self, response, **more):
        name = bytes_to_base64url(self.credential_id)
        sent = {part: bytes_to_base64url(value) for part, value in response.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": sent | more}
        )
