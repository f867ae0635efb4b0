"""A registration desk's device, which seals as a browser does."""

import base64
import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient

from jobfair.cards.rules import digest_of
from jobfair.kit.ids import new_key

NINE = 1_268_010_000_000  # 8 March 2010, nine in the morning in Beijing


@dataclass
class Desk:
    """A desk's device, which seals as a browser does."""

    client: FlaskClient
    secret: str
    key: bytes = b""
    cards: list[dict[str, str]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def call(self, path: str, body: object = None, *, status: int = 200) -> Any:
        """Ask the server for something, as the device."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        if body is None:
            answer = self.client.get(f"/station/{path}", headers=headers)
        else:
            answer = self.client.post(f"/station/{path}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json

    def prepare(self) -> None:
        """Fetch what is needed before the network breaks."""
        self.key = bytes.fromhex(self.call("desk")["key"])
        self.cards = self.call("blank-cards", {"have": 0})["cards"]

    def register(self, said: dict[str, Any], *, card: str | None = None) -> dict[str, Any]:
        """Return the record of somebody who was just given a card."""
        key = new_key()
        token = card or self.cards.pop()["token"]
        return {
            "id": key,
            "seq": next(self.numbers),
            "at": NINE,
            "card": digest_of(token).hex(),
            "sealed": base64.b64encode(self.seal(json.dumps(said), key)).decode(),
        }

    def seal(self, plain: str, place: str) -> bytes:
        """Seal a text as SEC 1's ECIES with HKDF and AES-GCM, written here a second time."""
        curve = ec.SECP256R1()
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(curve, self.key)
        ours = ec.generate_private_key(curve)
        point = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        shared = ours.exchange(ec.ECDH(), theirs)
        sealing = HKDF(SHA256(), 32, point, b"jobfair envelope 1").derive(shared)
        return (
            point + bytes(12) + AESGCM(sealing).encrypt(bytes(12), plain.encode(), place.encode())
        )

    def send(self, *records: dict[str, Any]) -> list[str]:
        """Deliver walk-ins; return what became of each."""
        answers = self.call("walk-ins", {"records": list(records)})["answers"]
        assert [one["id"] for one in answers] == [one["id"] for one in records]
        return [one["result"] for one in answers]
