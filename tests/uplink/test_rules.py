"""Packs are bounded, addresses safe, and two servers that merge columns come to say the same."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.errors import Refusal
from jobfair.uplink import courier
from jobfair.uplink.rules import (
    LONGEST_PAUSE,
    MOST_BYTES,
    MOST_ROWS,
    AddressUnsafe,
    Pack,
    PackUnreadable,
    Row,
    check_address,
    fill_pack,
    pause,
    read_pack,
    settle,
)


@pytest.mark.parametrize(
    "address",
    ["http://example.org", "http://10.0.0.1", "ftp://localhost", "", "https://a@b", "https://"],
)
def test_nothing_is_sent_where_it_could_be_read(address: str) -> None:
    with pytest.raises(AddressUnsafe):
        check_address(address)
    with pytest.raises(Refusal):
        courier.call(address, "/uplink/pair", {"code": "1"})


def test_an_address_is_kept_without_what_follows_it() -> None:
    assert check_address("https://jobs.example:8443/fairs/?a=b") == "https://jobs.example:8443"
    assert check_address("http://127.0.0.1:8000/") == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "pack",
    [
        1,
        {"number": 0, "rows": []},
        {"number": "1", "rows": []},
        {"number": 1, "rows": "x"},
        {"number": 1, "rows": [["seeker"]]},
        {"number": 1, "rows": [["seeker", "", {}]]},
        {"number": 1, "rows": [["seeker", "x" * 301, {}]]},
        {"number": 1, "rows": [["seeker", "a\0", {}]]},
        {"number": 1, "rows": [["seeker", "a", 1]]},
        {"number": 1, "rows": [["seeker", "a", None]] * 201},
    ],
)
def test_what_is_no_pack_is_refused(pack: object) -> None:
    with pytest.raises(PackUnreadable):
        read_pack(pack)


_ROWS = st.lists(
    st.builds(
        Row,
        st.just("seeker"),
        st.text(st.characters(codec="ascii", exclude_characters="\0"), min_size=1, max_size=20),
        st.none() | st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers()),
    ),
    min_size=1,
)


@given(_ROWS, st.integers(1, 9))
def test_a_pack_is_read_as_it_was_written(rows: list[Row], number: int) -> None:
    pack = fill_pack(number, rows)
    again = read_pack(pack.written())
    assert again == pack
    assert again.digest == pack.digest
    assert Pack(number + 1, pack.rows).digest != pack.digest


@given(st.lists(st.integers(0, 3 * MOST_BYTES // 2), min_size=1, max_size=2 * MOST_ROWS))
def test_a_pack_is_bounded_and_never_empty(sizes: list[int]) -> None:
    rows = [Row("t", "n", {"c": "x" * (size // 40)}) for size in sizes]
    pack = fill_pack(1, rows)
    assert 1 <= len(pack.rows) <= MOST_ROWS
    assert list(pack.rows) == rows[: len(pack.rows)]
    assert len(pack.rows) == 1 or sum(row.size for row in pack.rows) <= MOST_BYTES
    if len(pack.rows) < min(len(rows), MOST_ROWS):
        assert sum(row.size for row in rows[: len(pack.rows) + 1]) > MOST_BYTES


@dataclass
class _Side:
    """One server's row: what it says, and what it believes that both say."""

    master: bool
    says: dict[str, int] = field(default_factory=lambda: dict.fromkeys("abc", 0))
    agreed: dict[str, int | None] = field(default_factory=lambda: dict.fromkeys("abc", 0))

    def changed(self) -> dict[str, int]:
        return {c: v for c, v in self.says.items() if v != self.agreed[c]}

    def take(self, sent: dict[str, int]) -> None:
        differs = [c for c in sent if self.says[c] != sent[c]]
        settled = settle(sent, differs=differs, changed=self.changed(), master=self.master)
        for column in settled.take:
            self.says[column] = sent[column]
        for column in settled.lost:
            self.agreed[column] = None
        for column in settled.agreed:
            self.agreed[column] = self.says[column]


def _send(sender: _Side, receiver: _Side) -> None:
    """Send what changed; it is answered."""
    sent = sender.changed()
    receiver.take(sent)
    sender.agreed |= sent


_STEP = st.one_of(
    st.tuples(st.just("edit"), st.booleans(), st.sampled_from("abc"), st.integers(1, 5)),
    st.tuples(st.just("send"), st.booleans()),
)


@given(st.lists(_STEP, max_size=30))
def test_columns_changed_at_one_or_both_come_to_be_the_same(
    steps: list[tuple[object, ...]],
) -> None:
    prefecture, hall = _Side(master=True), _Side(master=False)
    since: dict[tuple[bool, str], int] = {}
    for step in steps:
        match step:
            case ("edit", bool(at_hall), str(column), int(value)):
                (hall if at_hall else prefecture).says[column] = value
                since[at_hall, column] = value
            case ("send", bool(up)):
                sides = (hall, prefecture) if up else (prefecture, hall)
                _send(*sides)
    for _ in range(2):
        _send(hall, prefecture)
        _send(prefecture, hall)
    assert hall.says == prefecture.says
    assert hall.changed() == prefecture.changed() == {}
    for column in "abc":
        edited = [v for (_, c), v in since.items() if c == column]
        if not edited:
            assert hall.says[column] == 0
        elif len(edited) == 1:
            assert hall.says[column] == edited[0]


@given(st.integers(0, 1000), st.floats(0, 1))
def test_a_broken_line_is_tried_less_and_less_often_and_never_given_up(
    failures: int, draw: float
) -> None:
    seconds = pause(failures, lambda: draw)
    assert 1 <= seconds <= LONGEST_PAUSE.total_seconds()
    assert pause(failures + 10, lambda: draw) >= seconds or not failures
