"""A device that makes and uses passkeys, as browsers pass its answers on. Always finds its owner present."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT_VERIFIED, WITH_KEY = 0x05, 0x40


class Device:
    """One passkey for one site."""

    def __init__(self, site: str = "testserver", *, flags: int = PRESENT_VERIFIED) -> None:
        self.site, self.flags = site, flags
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user = b""

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """Make the passkey."""
        asked = options["publicKey"]
        self.user = asked["user"]["id"]
        public = dict(ES256.from_cryptography_key(self.key.public_key()))
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor.encode(public)
        told = self.told(self.flags | WITH_KEY) + credential
        answer = {
            "clientDataJSON": websafe_encode(self.client("webauthn.create", asked["challenge"])),
            "attestationObject": websafe_encode(cbor.encode({"fmt": "none", "attStmt": {}, "authData": told})),
        }
        return self.wrapped(answer)

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """Sign in with it."""
        client = self.client("webauthn.get", options["publicKey"]["challenge"])
        told = self.told(self.flags)
        signature = self.key.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {"clientDataJSON": client, "authenticatorData": told, "signature": signature}
        return self.wrapped({name: websafe_encode(value) for name, value in answer.items()} | {"userHandle": self.user})

    def told(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + bytes(4)

    def client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": f"https://{self.site}"}).encode()

    def wrapped(self, answer: dict[str, Any]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": answer, "clientExtensionResults": {}}
