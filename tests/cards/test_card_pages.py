"""The pages of cards as a clerk uses them."""

import re
from collections.abc import Callable

import pytest
import segno
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.accounts.rules import Role
from jobfair.cards import queries, services
from jobfair.cards.rules import ALPHABET, spoken
from jobfair.cards.views import PER_SHEET, qr
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.kit.masking import mask_name
from jobfair.seekers.queries import SeekerFilter
from jobfair.seekers.services import merge_seekers
from tests.planted import holds_personal_data, person
from tests.seekers.factory import make_seeker

SignIn = Callable[..., FlaskClient]
EVERYBODY = SeekerFilter()
REISSUE = {"reason": "damaged", "reissue": "yes"}


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.CLERK, division="520502")


def _issue(database: Database, *people: int) -> None:
    with database.writing() as session:
        services.issue_cards(session, people)


def _in_force(database: Database, seeker_id: int) -> queries.CardInForce:
    with database.reading() as session:
        found = queries.find_in_force(session, seeker_id)
    assert found is not None
    return found


def _find(clerk: FlaskClient, text: str) -> tuple[int, str]:
    answer = clerk.post("/seekers/cards/find", data={"text": text})
    return answer.status_code, answer.location or answer.text


def _pass_of(page: str) -> str:
    """Return the part of a page that shows the card's QR code."""
    return page[page.index("jf-pass__qr") : page.index("</article>")]


def _modules(svg: str) -> set[tuple[int, int]]:
    """Return the dark modules of an inline SVG of segno: column and row inside the quiet zone."""
    [path] = re.findall(r'<path[^>]* d="([^"]*)"', svg)
    dark, x, y = set(), 0.0, 0.0
    for verb, a, b in re.findall(r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?", path):
        if verb == "M":
            x, y = float(a), float(b)
        elif verb == "m":
            x, y = x + float(a), y + float(b)
        else:
            dark |= {(int(x) - 4 + step, int(y) - 4) for step in range(int(a))}
            x += float(a)
    return dark


def test_the_drawn_code_is_the_matrix_of_the_token(database: Database) -> None:
    one = make_seeker(database)
    _issue(database, one)
    token = _in_force(database, one).token
    made = segno.make_qr(token, error="q")
    assert (made.designator, made.symbol_size(border=0)) == ("2-Q", (25, 25))
    matrix = {(x, y) for y, row in enumerate(made.matrix) for x, dark in enumerate(row) if dark}
    assert _modules(qr(token)) == matrix


def test_a_clerk_issues_shows_replaces_and_voids_a_card(
    clerk: FlaskClient, database: Database
) -> None:
    one = make_seeker(database)
    page = f"/seekers/{one}/card"
    assert page in clerk.get(f"/seekers/{one}").text
    assert "No card in force" in clerk.get(page).text
    for _twice in range(2):
        shown = clerk.post(f"{page}/issue", follow_redirects=True).text
    first = _in_force(database, one)
    assert spoken(first.code) in shown
    assert _modules(_pass_of(shown)) == _modules(qr(first.token))
    assert mask_name(person(1).name) in shown
    assert holds_personal_data(shown) is None
    replaced = clerk.post(f"{page}/revoke", data=REISSUE, follow_redirects=True).text
    second = _in_force(database, one)
    assert second.code != first.code
    assert "Damaged" in replaced
    voided = clerk.post(f"{page}/revoke", data={"reason": "lost"}, follow_redirects=True).text
    assert "No card in force" in voided
    assert all(spoken(code) in voided for code in (first.code, second.code))
    assert clerk.post(f"{page}/revoke", data={"reason": "lost"}).status_code == 409


def test_a_card_is_not_voided_without_a_known_reason(
    clerk: FlaskClient, database: Database
) -> None:
    one = make_seeker(database)
    _issue(database, one)
    before = _in_force(database, one)
    for data in ({}, {"reason": "because"}, {"reissue": "yes"}):
        answer = clerk.post(f"/seekers/{one}/card/revoke", data=data)
        assert answer.status_code == 422
        assert 'href="#reason"' in answer.text
    assert _in_force(database, one) == before


def test_a_person_is_found_by_scan_and_by_the_code_as_it_is_read_out(
    clerk: FlaskClient, database: Database
) -> None:
    one = make_seeker(database)
    _issue(database, one)
    card = _in_force(database, one)
    wanted = (303, f"/seekers/{one}/card")
    assert _find(clerk, card.token) == wanted
    assert _find(clerk, card.token.lower()) == wanted
    assert _find(clerk, spoken(card.code).lower().replace("-", " ")) == wanted


def test_a_card_that_opens_nobody_says_why(clerk: FlaskClient, database: Database) -> None:
    one = make_seeker(database)
    _issue(database, one)
    old = _in_force(database, one)
    clerk.post(f"/seekers/{one}/card/revoke", data=REISSUE | {"reason": "lost"})
    for said in (old.token, old.code):
        status, told = _find(clerk, said)
        assert (status, "This card is void since" in told, ": Lost." in told) == (422, True, True)
    new = _in_force(database, one)
    for place in range(len(new.token)):
        sign = ALPHABET[(ALPHABET.index(new.token[place]) + 1) % 32]
        forged = new.token[:place] + sign + new.token[place + 1 :]
        status, told = _find(clerk, forged)
        assert (status, "was not made here" in told) == (422, True)
    swapped = new.code[1] + new.code[0] + new.code[2:]
    if swapped != new.code:
        assert "does not go with the eight before it" in _find(clerk, swapped)[1]
    assert "neither the code of a card" in _find(clerk, "K7Q2")[1]
    assert "Type the code" in _find(clerk, "")[1]
    assert "No person of your office" in _find(clerk, "000000000")[1]
    clerk.post(f"/seekers/{one}/withdraw")
    assert "withdrawn the consent" in _find(clerk, new.token)[1]


def test_another_office_s_card_is_as_unknown_as_none(
    clerk: FlaskClient, database: Database
) -> None:
    other = make_seeker(database, 1, division="520521")
    _issue(database, other)
    card = _in_force(database, other)
    assert clerk.get(f"/seekers/{other}/card").status_code == 404
    for step in ("issue", "revoke"):
        answer = clerk.post(f"/seekers/{other}/card/{step}", data=REISSUE)
        assert answer.status_code == 404
    assert "No person of your office" in _find(clerk, card.token)[1]
    assert "No person of your office" in _find(clerk, card.code)[1]
    assert "Nobody in this list" in clerk.get("/seekers/cards").text
    assert spoken(card.code) not in clerk.get("/seekers/cards/print").text
    assert _in_force(database, other) == card


def test_a_merged_record_points_to_the_one_that_was_kept(
    clerk: FlaskClient, database: Database
) -> None:
    kept, merged = make_seeker(database, 1), make_seeker(database, 2)
    _issue(database, merged)
    card = _in_force(database, merged)
    with database.writing() as session:
        merge_seekers(session, kept_id=kept, merged_id=merged, user_id=None)
    assert _find(clerk, card.token) == (303, f"/seekers/{kept}/card")
    opened = clerk.get(f"/seekers/{kept}/card").text
    assert "opens this one, too" in opened
    assert "of a record merged into this one" in opened
    assert "Issue a card" in opened
    page = clerk.get(f"/seekers/{merged}/card").text
    assert f'href="/seekers/{kept}/card"' in page
    assert "jf-pass__qr" not in page
    assert clerk.post(f"/seekers/{merged}/card/issue").status_code == 409
    clerk.post(f"/seekers/{kept}/card/revoke", data=REISSUE)
    assert "This card is void since" in _find(clerk, card.token)[1]
    assert _find(clerk, _in_force(database, kept).token) == (303, f"/seekers/{kept}/card")


def test_the_cards_of_a_filtered_list_are_issued_and_printed_place_by_place(
    clerk: FlaskClient, database: Database
) -> None:
    people = {
        n: make_seeker(
            database,
            n,
            division="520502100" if n % 2 else "520502101",
            village="大坝村" if n < 10 else "小河村",
            household_category="general" if n == 20 else "registered_poor",
        )
        for n in range(1, 21)
    }
    poor = "?category=registered_poor"
    assert f'href="/seekers/cards{poor}"' in clerk.get(f"/seekers/{poor}").text
    assert "Issue the 19 missing cards" in clerk.get(f"/seekers/cards{poor}").text
    told = clerk.post(f"/seekers/cards/issue{poor}", follow_redirects=True)
    assert told.request.full_path == f"/seekers/cards{poor}"
    assert "19 cards issued" in told.text
    printed = clerk.get(f"/seekers/cards/print{poor}").text
    sheets = printed.split('<section class="jf-passes">')[1:]
    assert [sheet.count('<li class="jf-pass">') for sheet in sheets] == [PER_SHEET, 2, PER_SHEET, 1]
    heads = [sheet[: sheet.index("<ul>")] for sheet in sheets]
    assert [("大坝村" in head, "小河村" in head) for head in heads] == [
        (True, True),
        (False, True),
    ] * 2
    with database.reading() as session:
        cards = queries.list_printed(session, EVERYBODY, limit=100)
        entries = select(AuditEntry.action, AuditEntry.detail).order_by(AuditEntry.seq.desc())
        action, detail = session.execute(entries.limit(1)).one()
    assert {card.seeker_id for card in cards} == {people[n] for n in range(1, 20)}
    for card in cards:
        [sheet] = [one for one in sheets if spoken(card.code) in one]
        assert card.name in sheet
        assert card.village in sheet[: sheet.index("<ul>")]
    assert printed.count("骉") == len(cards)
    assert "1995283" not in printed, "a card says the name and nothing else of the person"
    assert action == "seeker.unmask"
    assert detail["seekers"] == [card.seeker_id for card in cards]


def test_many_cards_are_printed_in_parts(
    clerk: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobfair.cards.views._PER_PART", PER_SHEET)
    _issue(database, *(make_seeker(database, n, village="大坝村") for n in range(1, 12)))
    page = clerk.get("/seekers/cards").text
    assert "Show sheets of cards 9 to 11" in page
    sizes = [clerk.get(url).text.count('<li class="jf-pass">') for url in _print_urls(page)]
    assert sizes == [8, 3]


def _print_urls(page: str) -> list[str]:
    return re.findall(r'href="(/seekers/cards/print[^"]*)"', page)


def test_without_cards_there_is_nothing_to_print(clerk: FlaskClient, database: Database) -> None:
    make_seeker(database)
    assert "No cards to print" in clerk.get("/seekers/cards/print").text
    assert _print_urls(clerk.get("/seekers/cards").text) == []
