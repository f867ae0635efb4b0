"""The map of a fair's booths, through the pages: lay out, move, give, refuse."""

import threading
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from jobfair.kit import audit
from jobfair.kit.db import Base, Database
from jobfair.venues import queries, services
from jobfair.venues.models import Booth, BoothCell
from jobfair.venues.rules import Place
from tests.employers.factory import make_employer, make_position
from tests.fairs.factory import make_fair
from tests.venues.factory import booths_of, fair_id_of, make_booths

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def fair(database: Database) -> str:
    """A fair with two employers."""
    positions = [
        make_position(database, make_employer(database, name=name))
        for name in ("甲电子厂", "乙家具厂")
    ]
    return make_fair(database, positions)


def sent(booths: list[queries.BoothRow], **changed: str) -> dict[str, str | list[str]]:
    """Return the table of booths as a browser sends it, some fields typed over."""
    form: dict[str, str | list[str]] = {"booth": [str(booth.id) for booth in booths]}
    for booth in booths:
        place = booth.place
        numbers = (booth.zone_id, place.column, place.row, place.columns, place.rows)
        names = ("zone", "column", "row", "columns", "rows")
        form |= {f"{name}-{booth.id}": str(n) for name, n in zip(names, numbers, strict=True)}
        form[f"number-{booth.id}"] = booth.number
        form[f"employer-{booth.id}"] = booth.employer or ""
        seen = [*map(str, numbers), str(booth.employer_id or ""), booth.number]
        form[f"seen-{booth.id}"] = "|".join(seen)
    return form | changed


def stand(database: Database, fair: str) -> dict[str, tuple[Place, str | None]]:
    return {booth.number: (booth.place, booth.employer) for booth in booths_of(database, fair)}


def test_zones_are_added_and_booths_laid_out_in_rows(
    database: Database, fair: str, sign_in: SignIn
) -> None:
    manager = sign_in("manager")
    for letter, name in (("a", "机械"), ("B", "")):
        form = {"new_letter": letter, "new_name": name}
        assert manager.post(f"/fairs/{fair}/zones", data=form).status_code == 303
    with database.reading() as session:
        first, second = queries.list_zones(session, fair_id_of(database, fair))
    assert (first.letter, first.name, second.letter) == ("A", "机械", "B")
    counts = {f"count-{first.id}": "3", f"count-{second.id}": "1", "in_a_row": "2"}
    assert manager.post(f"/fairs/{fair}/lay-out", data=counts).status_code == 303
    places = {number: place for number, (place, _) in stand(database, fair).items()}
    assert places == {
        "A01": Place(1, 1),
        "A02": Place(2, 1),
        "A03": Place(1, 3),
        "B01": Place(1, 5),
    }
    page = manager.get(f"/fairs/{fair}/map").text
    assert "Employers without a booth (2)" in page.replace("</h2>", "")
    assert manager.post(f"/fairs/{fair}/fill").status_code == 303
    given = {number: employer for number, (_, employer) in stand(database, fair).items()}
    assert given == {"A01": "乙家具厂", "A02": "甲电子厂", "A03": None, "B01": None}
    assert "Employers without a booth" not in manager.get(f"/fairs/{fair}/map").text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"new_letter": "7"}, "one or two capital letters"),
        ({"new_letter": "A"}, "There is already a zone A"),
    ],
)
def test_a_wrong_zone_is_refused_and_stays_typed(
    database: Database, fair: str, sign_in: SignIn, form: dict[str, str], said: str
) -> None:
    make_booths(database, fair, 1)
    answer = sign_in("manager").post(f"/fairs/{fair}/zones", data=form | {"new_name": "餐饮"})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="餐饮"' in answer.text


def test_a_zone_with_booths_stays_and_an_empty_one_goes(
    database: Database, fair: str, sign_in: SignIn
) -> None:
    zone = make_booths(database, fair, 1)[0].zone_id
    manager = sign_in("manager")
    answer = manager.post(f"/fairs/{fair}/zones", data={"remove": str(zone)})
    assert answer.status_code == 422
    assert "Zone A has booths" in answer.text
    [booth] = booths_of(database, fair)
    gone = sent([booth], **{f"remove-{booth.id}": "1"})
    assert manager.post(f"/fairs/{fair}/booths", data=gone).status_code == 303
    assert manager.post(f"/fairs/{fair}/zones", data={"remove": str(zone)}).status_code == 303
    with database.reading() as session:
        assert queries.list_zones(session, fair_id_of(database, fair)) == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"count": "x", "in_a_row": "5"}, "Enter a whole number, at most 400."),
        ({"count": "5", "in_a_row": "0"}, "Enter a whole number, 1 to 40."),
        ({"count": "", "in_a_row": "5"}, "Say how many booths"),
        ({"count": "61", "in_a_row": "2"}, "no room for 61 more booths"),
    ],
)
def test_what_cannot_be_laid_out_is_refused_and_stays_typed(
    database: Database, fair: str, sign_in: SignIn, form: dict[str, str], said: str
) -> None:
    zone = make_booths(database, fair, 1)[0].zone_id
    typed = {f"count-{zone}": form["count"], "in_a_row": form["in_a_row"]}
    answer = sign_in("manager").post(f"/fairs/{fair}/lay-out", data=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'name="count-{zone}" value="{form["count"]}"' in answer.text
    assert len(booths_of(database, fair)) == 1


def test_two_booths_change_places_numbers_and_employers_in_one_table(
    database: Database, fair: str, sign_in: SignIn
) -> None:
    a, b = make_booths(database, fair, 2, fill=True)
    typed = {
        f"column-{a.id}": "2",
        f"column-{b.id}": "1",
        f"number-{a.id}": b.number,
        f"number-{b.id}": a.number,
        f"employer-{a.id}": str(b.employer),
        f"employer-{b.id}": str(a.employer),
    }
    answer = sign_in("manager").post(f"/fairs/{fair}/booths", data=sent([a, b], **typed))
    assert answer.status_code == 303
    assert stand(database, fair) == {
        "A01": (Place(1, 1), a.employer),
        "A02": (Place(2, 1), b.employer),
    }
    assert {booth.id: booth.number for booth in booths_of(database, fair)} == {
        a.id: "A02",
        b.id: "A01",
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("column", "1"), "Booth A01 stands there already."),
        (("columns", "40"), "outside the map"),
        (("row", "61"), "outside the map"),
        (("row", "x"), "Enter a whole number."),
        (("number", "A01"), "Another booth has this number."),
        (("number", ""), "Enter a number of at most 20 signs."),
        (("number", "9" * 21), "Enter a number of at most 20 signs."),
        (("zone", "999999"), "Choose a zone."),
        (("employer", "乙家具厂"), "This employer has booth A01 already."),
        (("employer", "丙厂"), "No employer of this fair is called that."),
        (("seen", "?"), "Open the map again"),
    ],
)
def test_a_wrong_row_is_told_beside_its_field_and_nothing_typed_is_lost(
    database: Database, fair: str, sign_in: SignIn, wrong: tuple[str, str], said: str
) -> None:
    name, value = wrong
    a, b = make_booths(database, fair, 2, fill=True)
    before = stand(database, fair)
    typed = {f"{name}-{b.id}": value, f"employer-{a.id}": str(a.employer), f"rows-{a.id}": "2"}
    answer = sign_in("manager").post(f"/fairs/{fair}/booths", data=sent([a, b], **typed))
    assert answer.status_code == 422
    assert said in answer.text
    assert f'name="rows-{a.id}" value="2"' in answer.text
    if name not in {"zone", "seen"}:
        assert f'name="{name}-{b.id}" value="{value}"' in answer.text
    assert stand(database, fair) == before


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    database: Database, fair: str, sign_in: SignIn
) -> None:
    a, b = make_booths(database, fair, 2)
    manager = sign_in("manager")
    late = sent([a, b], **{f"column-{a.id}": "5"})
    moved = manager.post(f"/booths/{a.id}/move", data={"column": "3", "row": "2"})
    assert moved.json == {
        "said": "Booth A01 stands in column 3, row 2.",
        "column": 3,
        "row": 2,
        "seen": f"{a.zone_id}|3|2|1|1||A01",
    }
    answer = manager.post(f"/fairs/{fair}/booths", data=late)
    assert answer.status_code == 422
    assert "Somebody else has changed this booth meanwhile" in answer.text
    assert stand(database, fair)["A01"][0] == Place(3, 2)
    # Another row of the same old page is still good.
    other = sent([a, b], **{f"row-{b.id}": "4"})
    assert manager.post(f"/fairs/{fair}/booths", data=other).status_code == 303
    assert stand(database, fair) == {"A01": (Place(3, 2), None), "A02": (Place(2, 4), None)}


@pytest.mark.parametrize(
    ("column", "said"),
    [("2", "A01: Booth A02 stands there already."), ("0", "outside the map")],
)
def test_a_booth_is_not_moved_onto_another_or_off_the_map(
    database: Database, fair: str, sign_in: SignIn, column: str, said: str
) -> None:
    a, _b = make_booths(database, fair, 2)
    answer = sign_in("manager").post(f"/booths/{a.id}/move", data={"column": column, "row": "1"})
    assert answer.status_code == 422
    assert answer.json is not None
    assert said in answer.json["fault"]
    assert stand(database, fair)["A01"][0] == Place(1, 1)


def test_a_large_booth_takes_all_its_cells(database: Database, fair: str, sign_in: SignIn) -> None:
    a, b = make_booths(database, fair, 2)
    manager = sign_in("manager")
    large = sent([a, b], **{f"columns-{a.id}": "2", f"row-{b.id}": "2"})
    assert manager.post(f"/fairs/{fair}/booths", data=large).status_code == 303
    answer = manager.post(f"/booths/{b.id}/move", data={"column": "2", "row": "1"})
    assert answer.status_code == 422
    beside = manager.post(f"/booths/{b.id}/move", data={"column": "3", "row": "1"})
    assert beside.status_code == 200
    assert stand(database, fair)["A02"][0] == Place(3, 1)


def test_the_database_itself_keeps_a_cell_a_number_and_an_employer_to_one_booth(
    database: Database, fair: str
) -> None:
    a, b = make_booths(database, fair, 2, fill=True)
    fair_id = fair_id_of(database, fair)
    cell: dict[str, object] = {"fair_id": fair_id, "row": 1, "column": 1, "booth_id": b.id}
    booth: dict[str, object] = {"fair_id": fair_id, "zone_id": a.zone_id, "number": "X"}

    def put(model: type[Base], row: dict[str, object]) -> None:
        with database.writing() as session:
            audit.record(session, "test", subject="booth")
            session.execute(insert(model).values(row))

    for model, row in (
        (BoothCell, cell),
        (BoothCell, cell | {"row": 61}),
        (Booth, booth | {"number": a.number}),
        (Booth, booth | {"employer_id": a.employer_id}),
    ):
        with pytest.raises(IntegrityError):
            put(model, row)
    put(Booth, booth)


def test_of_two_who_want_one_cell_at_once_one_gets_it(database: Database, fair: str) -> None:
    a, b, c = make_booths(database, fair, 3)
    ready = threading.Barrier(2)
    refused: list[str] = []

    def move(booth_id: int) -> None:
        ready.wait()
        try:
            with database.writing() as session:
                services.move_booth(session, booth_id, column=9, row=9)
        except services.Clashing as refusal:
            refused.append(refusal.found[0].other)

    movers = [threading.Thread(target=move, args=(booth.id,)) for booth in (a, b)]
    for mover in movers:
        mover.start()
    for mover in movers:
        mover.join()
    there = [n for n, (place, _) in stand(database, fair).items() if place == Place(9, 9)]
    assert refused == there
    assert len(there) == 1
    assert stand(database, fair)[c.number][0] == c.place


def test_a_booth_of_another_fair_is_not_changed_here(
    database: Database, fair: str, sign_in: SignIn
) -> None:
    make_booths(database, fair, 1)
    [other] = make_booths(database, make_fair(database, [], code="other"), 1)
    answer = sign_in("manager").post(
        f"/fairs/{fair}/booths", data=sent([other], **{f"row-{other.id}": "4"})
    )
    assert answer.status_code in {404, 422}
    assert booths_of(database, "other")[0].place == Place(1, 1)


def test_who_may_not_manage_sees_the_map_and_changes_nothing(
    database: Database, fair: str, sign_in: SignIn
) -> None:
    [booth] = make_booths(database, fair, 1, fill=True)
    staff = sign_in("staff")
    page = staff.get(f"/fairs/{fair}/map")
    assert page.status_code == 200
    assert "A01" in page.text
    assert "乙家具厂" in page.text
    assert 'method="post" action="/fairs/' not in page.text
    assert "js/map.js" not in page.text
    for path in (f"/fairs/{fair}/booths", f"/fairs/{fair}/zones", f"/booths/{booth.id}/move"):
        assert staff.post(path, data={}).status_code == 403
