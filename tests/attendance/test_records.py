"""What stations deliver is taken in once, in any order, and answered for what it means now."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from jobfair.attendance.queries import Attendance, count_attendance
from jobfair.cards.queries import digests_in_force
from jobfair.cards.rules import RevokeReason
from jobfair.cards.services import issue_cards, reissue_card
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair, revoke
from tests.factories import Make
from tests.offers.factory import make_offering

Send = Callable[..., Any]  # answers, or what is told of a refusal
NINE = 1_268_010_000_000  # 8 March 2010, nine in the morning in Beijing


@pytest.fixture
def fair(database: Database) -> int:
    """A fair with one employer."""
    return make_offering(database, [1])[0]


@pytest.fixture
def gates(database: Database, fair: int) -> list[str]:
    """The secrets of two gates."""
    with database.writing() as session:
        stations = [add_station(session, fair, name, Job.GATE) for name in ("Gate A", "Gate B")]
        return [pair(session, offer_pairing(session, station)).secret for station in stations]


@pytest.fixture
def cards(database: Database, make: Make) -> list[str]:
    """The cards of five people."""
    people = [make.seeker(n) for n in range(1, 6)]
    with database.writing() as session:
        issue_cards(session, people)
    with database.reading() as session:
        return [digest.hex() for digest in digests_in_force(session)]


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Deliver records as a station; give the answers."""

    def deliver(secret: str, *records: dict[str, Any], status: int = 200) -> Any:
        answer = client.post(
            "/station/records",
            json={"records": list(records), "waiting": 3, "version": "1"},
            headers={"Authorization": f"Bearer {secret}"},
        )
        assert answer.status_code == status, answer.text
        return answer.json["answers"] if status == 200 and answer.json else answer.json

    return deliver


def entry(card: str, seq: int, *, minute: int = 0, **more: Any) -> dict[str, Any]:
    """Return a record of an entry some minutes after nine."""
    plain = {"id": new_key(), "seq": seq, "kind": "in", "card": card, "at": NINE + minute * 60_000}
    return plain | more


def _came(database: Database, fair: int) -> Attendance:
    with database.reading() as session:
        return count_attendance(session, fair)


def test_the_first_entry_is_new_and_the_second_names_the_first(
    database: Database, fair: int, gates: list[str], cards: list[str], send: Send
) -> None:
    first = entry(cards[0], 1)
    assert send(gates[0], first) == [{"id": first["id"], "result": "new"}]
    second = entry(cards[0], 1, minute=42)
    again = {"id": second["id"], "result": "again", "at": NINE, "place": "Gate A"}
    assert send(gates[1], second) == [again]
    assert send(gates[0], first) == [{"id": first["id"], "result": "new"}]  # the answer was lost
    assert _came(database, fair) == Attendance(persons=1, entries=2, unknown=0)


def test_of_one_message_with_a_person_twice_the_earlier_entry_is_new(
    gates: list[str], cards: list[str], send: Send
) -> None:
    later, earlier = entry(cards[0], 1, minute=5), entry(cards[0], 2, minute=1)
    assert [one["result"] for one in send(gates[0], later, earlier)] == ["again", "new"]


def test_an_entry_taken_back_before_or_after_it_came_counts_nowhere(
    database: Database, fair: int, gates: list[str], cards: list[str], send: Send
) -> None:
    for first, second in ((0, 1), (1, 0)):
        wrong = entry(cards[first], first * 2 + 1)
        undo = {
            "id": new_key(),
            "seq": first * 2 + 2,
            "kind": "undo",
            "target": wrong["id"],
            "at": NINE,
        }
        told = [send(gates[0], one)[0]["result"] for one in ((wrong, undo), (undo, wrong))[second]]
        assert "undone" in told
    assert _came(database, fair) == Attendance(0, 0, 0)
    right = entry(cards[1], 5, minute=3)
    assert send(gates[0], right)[0]["result"] == "new"


def test_a_card_nobody_knows_is_kept_and_counts_once_it_is_known(
    database: Database, fair: int, gates: list[str], make: Make, send: Send
) -> None:
    stranger = entry("ab" * 16, 1)
    assert send(gates[0], stranger)[0]["result"] == "unknown"
    assert _came(database, fair) == Attendance(persons=0, entries=1, unknown=1)
    person = make.seeker()
    with database.writing() as session:
        issue_cards(session, [person])
        session.execute(text("UPDATE card SET digest = :d"), {"d": b"\xab" * 16})
    assert _came(database, fair) == Attendance(persons=1, entries=1, unknown=0)


def test_a_replaced_card_is_told_and_stays_a_fact(
    database: Database, fair: int, gates: list[str], make: Make, send: Send
) -> None:
    person = make.seeker()
    with database.writing() as session:
        issue_cards(session, [person])
    with database.reading() as session:
        (old,) = digests_in_force(session)
    with database.writing() as session:
        reissue_card(session, person, RevokeReason.LOST)
    assert send(gates[0], entry(old.hex(), 1))[0]["result"] == "revoked"
    assert _came(database, fair) == Attendance(persons=1, entries=1, unknown=0)


def test_a_sequence_used_for_another_record_is_told_and_both_are_not_mixed(
    gates: list[str], cards: list[str], send: Send
) -> None:
    send(gates[0], entry(cards[0], 1))
    assert send(gates[0], entry(cards[1], 1))[0]["result"] == "clash"
    assert send(gates[1], entry(cards[1], 1))[0]["result"] == "new"


def test_a_replaced_device_still_delivers_and_a_revoked_one_does_not(
    database: Database, fair: int, gates: list[str], cards: list[str], send: Send
) -> None:
    with database.writing() as session:
        newer = pair(session, offer_pairing(session, 1)).secret
    assert send(newer, entry(cards[0], 1))[0]["result"] == "new"
    assert send(gates[0], entry(cards[1], 1))[0]["result"] == "new"
    with database.writing() as session:
        revoke(session, 2)
    assert send(gates[1], entry(cards[2], 1), status=401)["error"] == "unknown_device"
    assert _came(database, fair).entries == 2


_GOOD = {"id": new_key(), "seq": 1, "kind": "in", "card": "ab" * 16, "at": NINE}


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x"},
        {"id": "0" * 32},
        {"seq": 0},
        {"seq": True},
        {"seq": "1"},
        {"kind": "maybe"},
        {"kind": []},
        {"card": "ab"},
        {"card": None},
        {"at": -1},
        {"at": 1e30},
        {"skew": 1 << 40},
        {"place": "x" * 61},
        {"place": "a\x00b"},
        {"how": "guess"},
        {"kind": "undo"},
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_of_the_message_is_taken(
    database: Database, fair: int, *, gates: list[str], send: Send, wrong: dict[str, Any]
) -> None:
    told = send(gates[0], _GOOD, _GOOD | {"id": new_key(), "seq": 2} | wrong, status=422)
    assert told["error"] == "record_unreadable"
    assert "2" in told["message"]
    assert _came(database, fair).entries == 0


@pytest.mark.parametrize("sent", [None, [], "x", {}, {"records": None}, {"records": [1]}])
def test_what_is_no_message_is_refused(client: FlaskClient, gates: list[str], sent: Any) -> None:
    headers = {"Authorization": f"Bearer {gates[0]}"}
    assert client.post("/station/records", json=sent, headers=headers).status_code == 422


def test_a_record_is_never_changed(
    database: Database, gates: list[str], cards: list[str], send: Send
) -> None:
    send(gates[0], entry(cards[0], 1))
    with pytest.raises(DatabaseError), database.schema() as connection:
        connection.execute(text("UPDATE gate_record SET place = 'elsewhere'"))


def test_any_order_with_repetitions_ends_the_same(
    database: Database, cards: list[str], send: Send
) -> None:
    """Every order leaves the same rows, and every record is answered alike in the end."""
    found = set()
    for turn in range(4):
        draw = random.Random(5)  # noqa: S311 - the same records every time
        fair = make_offering(database, [1], code=f"turn-{turn}")[0]
        with database.writing() as session:
            stations = [add_station(session, fair, name, Job.GATE) for name in ("A", "B")]
            gates = [pair(session, offer_pairing(session, one)).secret for one in stations]
        told = [
            (gate, entry(draw.choice(cards), seq, minute=draw.randint(0, 400), skew=gate * 60_000))
            for gate in range(2)
            for seq in range(1, 31)
        ]
        for gate in range(2):
            undo = {"id": new_key(), "seq": 31, "kind": "undo", "at": NINE}
            told.append((gate, undo | {"target": told[gate][1]["id"]}))
        names = {record["id"]: place for place, (_, record) in enumerate(told)}
        order = random.Random(turn).sample([*told, *told[:20]], len(told) + 20)  # noqa: S311
        for gate, record in order:
            send(gates[gate], record)
        with database.reading() as session:
            rows = [
                (names[row.id], row.sequence, row.kind, row.card, row.place, row.at, row.skew)
                for row in session.execute(
                    text("SELECT * FROM gate_record WHERE fair_id = :fair"), {"fair": fair}
                )
            ]
        answers = [
            (one["result"], one.get("at"), one.get("place"))
            for gate, record in told
            for one in send(gates[gate], record)
        ]
        found.add((tuple(sorted(map(str, rows))), tuple(answers), _came(database, fair)))
    assert len(found) == 1
