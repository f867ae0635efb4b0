"""An employer confirms positions and headcount for a fair, never below what is held."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from jobfair.fairs import queries
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key
from jobfair.offers.services import offer
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.venues.factory import fair_id_of

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def organisation(make: Make) -> int:
    """The organisation of the employer."""
    return make.organisation("employer")


@pytest.fixture
def employer(database: Database, organisation: int) -> int:
    """The employer that confirms."""
    return make_employer(database, name="龙岗电子厂", organisation_id=organisation)


@pytest.fixture
def posts(database: Database, employer: int) -> list[int]:
    """Two positions of the employer, at a fair with another one's."""
    mine = [make_position(database, employer, title=t, headcount=7) for t in ("焊工", "普工")]
    other = make_position(database, make_employer(database), title="厨师")
    make_fair(database, [*mine, other], code="spring")
    return mine


def stands(database: Database) -> dict[str, tuple[int, bool]]:
    """Return headcount and whether it is confirmed, by title."""
    with database.reading() as session:
        rows = queries.list_fair_positions(session, fair_id_of(database, "spring"))
    return {row.title: (row.headcount, row.confirmed_at is not None) for row in rows}


def test_a_recruiter_confirms_changes_and_withdraws_at_once(
    database: Database, posts: list[int], employer: int, organisation: int, sign_in: SignIn
) -> None:
    recruiter = sign_in("recruiter", organisation=organisation)
    url = f"/fairs/spring/confirm/{employer}"
    page = recruiter.get(url).text
    assert "2 to be confirmed" in page
    assert "厨师" not in page
    form = {
        f"headcount-{posts[0]}": "12",
        f"headcount-{posts[1]}": "7",
        f"withdraw-{posts[1]}": "1",
    }
    assert recruiter.post(url, data=form).status_code == 303
    assert stands(database) == {"焊工": (12, True), "厨师": (10, False)}
    page = recruiter.get(url).text
    assert "all confirmed" in page
    assert "Confirm by telephone" not in page


def test_the_manager_confirms_by_telephone_and_is_named(
    database: Database, posts: list[int], employer: int, sign_in: SignIn
) -> None:
    manager = sign_in("manager")
    url = f"/fairs/spring/confirm/{employer}"
    assert "Confirm by telephone" in manager.get(url).text
    form = {f"headcount-{post}": "7" for post in posts}
    page = manager.post(url, data=form, follow_redirects=True).text
    assert page.count(" by ") >= 2
    assert stands(database)["普工"] == (7, True)


def test_no_headcount_below_what_is_promised(
    database: Database, make: Make, posts: list[int], employer: int, sign_in: SignIn
) -> None:
    fair_id = fair_id_of(database, "spring")
    for n in (1, 2, 3):
        seeker = make.seeker(n)
        with database.writing() as session:
            offer(session, fair_id, posts[0], seeker, key=new_key())
    manager, url = sign_in("manager"), f"/fairs/spring/confirm/{employer}"
    low = {f"headcount-{posts[0]}": "2", f"headcount-{posts[1]}": "9"}
    answer = manager.post(url, data=low)
    assert answer.status_code == 422
    assert "cannot be lowered to 2" in answer.text
    assert f'name="headcount-{posts[1]}" value="9"' in answer.text
    assert stands(database)["普工"] == (7, False), "nothing of a refused form is kept"
    assert manager.post(url, data=low | {f"headcount-{posts[0]}": "3"}).status_code == 303
    assert stands(database)["焊工"] == (3, True)
    gone = {f"headcount-{post}": "9" for post in posts} | {f"withdraw-{posts[0]}": "1"}
    answer = manager.post(url, data=gone)
    assert answer.status_code == 422
    assert "cannot be taken off" in answer.text


@pytest.mark.parametrize("typed", ["", "0", "-1", "x", "100001", "\uff12"])
def test_a_headcount_that_is_none_is_refused_and_stays_typed(
    database: Database, posts: list[int], employer: int, sign_in: SignIn, typed: str
) -> None:
    form = {f"headcount-{posts[0]}": typed, f"headcount-{posts[1]}": "9"}
    answer = sign_in("manager").post(f"/fairs/spring/confirm/{employer}", data=form)
    assert answer.status_code == 422
    assert "Enter a whole number, 1 to 100,000." in answer.text
    assert f'name="headcount-{posts[0]}" value="{typed}"' in answer.text
    assert stands(database)["普工"] == (7, False)


@pytest.mark.usefixtures("posts")
def test_another_employer_confirms_nothing_here(
    database: Database, make: Make, employer: int, sign_in: SignIn
) -> None:
    stranger = sign_in("recruiter", organisation=make.organisation("employer"))
    url = f"/fairs/spring/confirm/{employer}"
    assert stranger.get(url).status_code == 404
    assert stranger.post(url, data={}).status_code == 404
    assert sign_in("staff").get(url).status_code == 403
    assert not any(confirmed for _headcount, confirmed in stands(database).values())


@pytest.mark.usefixtures("posts")
def test_a_recruiter_finds_the_own_fairs(
    employer: int, organisation: int, make: Make, sign_in: SignIn
) -> None:
    recruiter = sign_in("recruiter", organisation=organisation)
    assert "/own-fairs" in recruiter.get("/").text
    page = recruiter.get("/own-fairs").text
    assert f"/fairs/spring/confirm/{employer}" in page
    assert "2 to be confirmed" in page
    other = sign_in("recruiter", organisation=make.organisation("employer"))
    assert "No fair with positions of yours" in other.get("/own-fairs").text
