"""Recruiters see what occupation a title was taken for, and set it right."""

from collections.abc import Callable

from flask.testing import FlaskClient

from jobfair.accounts.rules import OrganisationKind, Role
from jobfair.employers import queries
from jobfair.kit.db import Database
from tests.accounts.factory import make_organisation
from tests.employers.factory import make_employer, make_position
from tests.employers.test_employer_pages import ADVERT

SignIn = Callable[..., FlaskClient]

WELDER = "6-18-02-04"


def _recruiter(database: Database, sign_in: SignIn) -> tuple[FlaskClient, int]:
    organisation = make_organisation(
        database, kind=OrganisationKind.EMPLOYER, division=None, name="招聘单位"
    )
    employer_id = make_employer(database, organisation_id=organisation)
    client = sign_in(Role.RECRUITER, organisation=organisation)
    client.set_cookie("language", "en")
    return client, employer_id


def _code(database: Database, position_id: int) -> str | None:
    with database.reading() as session:
        row = queries.find_position(session, position_id)
    assert row is not None
    return row.occupation_code


def _post(database: Database, client: FlaskClient, employer_id: int, title: str) -> int:
    answer = client.post(f"/employers/{employer_id}/positions/new", data=ADVERT | {"title": title})
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def test_a_page_says_whether_the_occupation_is_sure(database: Database, sign_in: SignIn) -> None:
    recruiter, employer_id = _recruiter(database, sign_in)
    sure = _post(database, recruiter, employer_id, "幼儿园保育员")
    unsure = _post(database, recruiter, employer_id, "普工转钢琴车间")
    page = recruiter.get(f"/positions/{sure}").text
    assert any(word in page for word in ("sure", "please check"))
    page = recruiter.get(f"/positions/{unsure}").text
    assert "please check" in page or "no occupation found" in page


def test_a_correction_is_kept_while_the_title_stays(database: Database, sign_in: SignIn) -> None:
    recruiter, employer_id = _recruiter(database, sign_in)
    position = _post(database, recruiter, employer_id, "电子厂普工")
    before = _code(database, position)
    url = f"/positions/{position}/occupation"
    assert "电子厂普工" in recruiter.get(url).text
    found = recruiter.get(f"{url}?q=焊工").text
    assert WELDER in found
    answer = recruiter.post(f"{url}?q=焊工", data={"code": WELDER}, follow_redirects=True)
    assert "The occupation is now 焊工; before it was" in answer.text
    assert "not what the title suggests first" in answer.text
    assert _code(database, position) == WELDER
    recruiter.post(f"/positions/{position}/edit", data=ADVERT | {"headcount": "31"})
    assert _code(database, position) == WELDER
    recruiter.post(url, data={"code": before})
    assert _code(database, position) == before
    recruiter.post(f"/positions/{position}/edit", data=ADVERT | {"title": "焊工"})
    assert _code(database, position) == WELDER


def test_what_is_not_offered_is_refused(database: Database, sign_in: SignIn) -> None:
    recruiter, employer_id = _recruiter(database, sign_in)
    position = _post(database, recruiter, employer_id, "电子厂普工")
    before = _code(database, position)
    url = f"/positions/{position}/occupation"
    refused = recruiter.post(url, data={})
    assert refused.status_code == 422
    assert "Choose an occupation" in refused.text
    assert recruiter.post(url, data={"code": "9-99-99-99"}).status_code == 422
    assert _code(database, position) == before
    nothing = recruiter.get(f"{url}?q=🙂")
    assert "Nothing in the classification is like these words" in nothing.text


def test_only_the_own_open_positions_are_corrected(database: Database, sign_in: SignIn) -> None:
    recruiter, employer_id = _recruiter(database, sign_in)
    other = make_position(database, make_employer(database, name="别家电子厂"))
    assert recruiter.get(f"/positions/{other}/occupation").status_code == 404
    closed = _post(database, recruiter, employer_id, "焊工")
    recruiter.post(f"/positions/{closed}/close")
    assert "Correct<" not in recruiter.get(f"/positions/{closed}").text
    refused = recruiter.post(f"/positions/{closed}/occupation", data={"code": WELDER})
    assert refused.status_code == 409
