"""A fair with an employer's booth, its two phones, and people with cards."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask.testing import FlaskClient

from jobfair.cards.queries import find_in_force
from jobfair.cards.rules import digest_of
from jobfair.cards.services import issue_cards
from jobfair.employers.queries import find_position
from jobfair.interviews.queries import list_claims, list_visitors
from jobfair.interviews.rules import Place
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key
from jobfair.offers.queries import posts_left
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair
from tests.factories import Make
from tests.offers.factory import make_offering

NINE = 1_268_010_000_000  # 8 March 2010, nine in the morning in Beijing


@dataclass
class Device:
    """A booth's phone."""

    client: FlaskClient
    secret: str
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def call(self, path: str, body: object, *, status: int = 200) -> Any:
        """Ask the server, as the device."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        answer = self.client.post(f"/station/{path}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json

    def record(self, kind: str, card: str | None, **more: Any) -> dict[str, Any]:
        """Make a record and keep it on the device."""
        seq = next(self.numbers)
        plain = {"id": new_key(), "seq": seq, "kind": kind, "card": card}
        return plain | {"at": NINE + seq * 60_000} | more

    def send(self, *records: dict[str, Any]) -> list[dict[str, Any]]:
        """Deliver records; return the answers."""
        found: list[dict[str, Any]]
        found = self.call("booth-records", {"records": list(records)})["answers"]
        return found

    def say(self, kind: str, card: str | None, **more: Any) -> str:
        """Record something and deliver it at once; return what became of it."""
        return str(self.send(self.record(kind, card, **more))[0]["result"])


@dataclass
class Fair:
    """A fair with an employer, its positions, two booth phones and people with cards."""

    database: Database
    id: int
    employer: int
    positions: list[int]
    devices: list[Device]
    cards: list[str]

    def taken(self) -> int:
        """Return how many units of the first position somebody holds."""
        with self.database.reading() as session:
            post = posts_left(session, self.id, clock.now())[self.positions[0]]
        return post.headcount - post.left

    def claims(self) -> list[tuple[str, bool]]:
        """Return what is to be settled: why not, and whether it was promised."""
        with self.database.reading() as session:
            found = list_claims(session, self.id, settled=False)
        return [(one.refusal, one.promised) for one in found]

    def line(self) -> list[tuple[str, Place]]:
        """Return who stands where at the booth, by card."""
        with self.database.reading() as session:
            return [(v.card.hex(), v.place) for v in list_visitors(session, self.id, self.employer)]


def make_booth(database: Database, client: FlaskClient, make: Make, *, posts: int) -> Fair:
    """Make everything that a booth takes; the first position has so many posts."""
    fair_id, positions = make_offering(database, [posts, 40])
    people = [make.seeker(n) for n in range(1, 13)]
    with database.writing() as session:
        issue_cards(session, people)
        position = find_position(session, positions[0])
        assert position
        stations = [
            add_station(session, fair_id, name, Job.BOOTH, employer_id=position.employer_id)
            for name in ("A12", "A12 right")
        ]
        secrets = [pair(session, offer_pairing(session, one)).secret for one in stations]
    with database.reading() as session:
        cards = [card for one in people if (card := find_in_force(session, one))]
    return Fair(
        database,
        fair_id,
        position.employer_id,
        positions,
        [Device(client, secret) for secret in secrets],
        [digest_of(card.token).hex() for card in cards],
    )
