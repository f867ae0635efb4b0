"""The pages of fairs, and ranking a whole fair twice with the same result."""

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from jobfair.cli.importing import import_group
from jobfair.employers.rules.drafts import EmployerStatus
from jobfair.employers.services.positions import close_position
from jobfair.fairs import queries
from jobfair.fairs.services import CodeTaken, NoHeadcount, NotBookable, add_positions
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.terminal import Terminal
from tests.employers.factory import credit_code, make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair


@pytest.fixture
def posts(database: Database) -> list[int]:
    employer_id = make_employer(database, name="龙岗测试厂")
    return [make_position(database, employer_id, title=t, headcount=7) for t in ("焊工", "普工")]


def test_a_fair_lists_its_positions(
    database: Database, posts: list[int], sign_in: Callable[..., FlaskClient]
) -> None:
    code = make_fair(database, posts)
    manager = sign_in("manager")
    assert "Spring fair" in manager.get("/fairs/").text
    page = manager.get(f"/fairs/{code}").text
    for text in ("Spring fair", "龙岗测试厂", "焊工", "普工", "1,800–2,600"):
        assert text in page


def test_an_unknown_fair_is_not_found(sign_in: Callable[..., FlaskClient]) -> None:
    manager = sign_in("manager")
    assert manager.get("/fairs/nowhere").status_code == 404
    assert manager.post("/fairs/nowhere/rank").status_code == 404


def test_ranking_twice_keeps_the_same_counts_and_digest(
    database: Database, make: Make, posts: list[int], sign_in: Callable[..., FlaskClient]
) -> None:
    for n in range(1, 5):
        make.seeker(n)
    make.seeker(5, refusals=("other_province",))
    code = make_fair(database, posts)
    manager = sign_in("manager")
    kept = []
    for _again in range(2):
        answer = manager.post(f"/fairs/{code}/rank", follow_redirects=True)
        assert "2 positions ranked in" in answer.text
        with database.reading() as session:
            fair = queries.find_fair(session, code)
            assert fair is not None
            ranking = queries.newest_ranking(session, fair.id)
            rows = queries.list_fair_positions(session, fair.id)
        assert ranking is not None
        assert [row.eligible for row in rows] == [4, 4]
        kept.append((ranking.seekers, ranking.eligible, ranking.digest))
    assert kept[0] == kept[1]
    assert kept[0][:2] == (5, 8)


def test_a_clerk_may_not_rank_a_fair(
    database: Database, posts: list[int], sign_in: Callable[..., FlaskClient]
) -> None:
    code = make_fair(database, posts)
    assert sign_in("clerk").post(f"/fairs/{code}/rank").status_code == 403


def test_a_code_is_used_once(database: Database, posts: list[int]) -> None:
    make_fair(database, posts)
    with pytest.raises(CodeTaken):
        make_fair(database, posts)


def test_a_position_takes_part_once_and_needs_a_headcount(
    database: Database, posts: list[int]
) -> None:
    code = make_fair(database, posts)
    bare = make_position(database, make_employer(database), publish=False, headcount=None)
    with database.reading() as session:
        fair = queries.find_fair(session, code)
    assert fair is not None
    with database.writing() as session:
        assert add_positions(session, fair.id, posts) == 0
    with pytest.raises(NoHeadcount), database.writing() as session:
        add_positions(session, fair.id, [bare])


def test_the_list_says_where_each_fair_stands(
    database: Database, sign_in: Callable[..., FlaskClient]
) -> None:
    today = clock.today()
    for code, start, end in (("past", -9, -8), ("now", -1, 0), ("soon", 5, 5)):
        days = {"starts_on": today + timedelta(start), "ends_on": today + timedelta(end)}
        make_fair(database, [], code=code, **days)
    manager = sign_in("manager")
    page = manager.get("/fairs/").text
    assert re.findall(r'jf-tag[^>]*">([\w ]+)<', page) == ["Coming", "Now on", "Past"]
    assert "in 5 days" in page
    running = manager.get("/fairs/?state=running").text
    assert "/fairs/now" in running
    assert "/fairs/past" not in running


@pytest.fixture
def many(database: Database) -> list[int]:
    """Sixty positions of two employers, two kinds of work."""
    factory = make_employer(database, name="龙岗测试厂", industry_code="39")
    kitchen = make_employer(database, name="罗湖酒楼", industry_code="62")
    ids = [
        make_position(
            database, factory, title=f"焊工{n:02d}", headcount=n, occupation_code="6-18-02-04"
        )
        for n in range(1, 56)
    ]
    ids += [
        make_position(
            database, kitchen, title=f"厨师{n}", headcount=99, occupation_code="4-03-02-01"
        )
        for n in range(1, 6)
    ]
    return ids


def titles(page: str) -> list[str]:
    return re.findall(r'href="/positions/\d+">((?:焊工|厨师)\d+)<', page)


def test_a_fair_is_paged_filtered_and_sorted(
    database: Database, many: list[int], sign_in: Callable[..., FlaskClient]
) -> None:
    code = make_fair(database, many)
    clerk = sign_in("clerk")
    assert len(titles(clerk.get(f"/fairs/{code}").text)) == 50
    assert len(titles(clerk.get(f"/fairs/{code}?page=2").text)) == 10
    most = titles(clerk.get(f"/fairs/{code}?sort=-headcount").text)
    assert most[0].startswith("厨师")
    assert most[5:7] == ["焊工55", "焊工54"]
    assert len(titles(clerk.get(f"/fairs/{code}?industry=62").text)) == 5
    assert len(titles(clerk.get(f"/fairs/{code}?group=4-03").text)) == 5
    assert titles(clerk.get(f"/fairs/{code}?q=焊工07").text) == ["焊工07"]
    none = clerk.get(f"/fairs/{code}?q=nothing").text
    assert "No position fits the filter" in none
    assert titles(clerk.get(f"/fairs/{code}?standing=hindered").text) == []
    assert len(titles(clerk.get(f"/fairs/{code}?sort=nonsense&page=0").text)) == 50
    rows = clerk.get(f"/fairs/{code}/export/csv?industry=62").data.decode("utf-8-sig")
    assert len(rows.strip().splitlines()) == 6
    assert clerk.get(f"/fairs/{code}/export/xlsx").data.startswith(b"PK")
    assert clerk.get(f"/fairs/{code}/export/pdf").status_code == 404
    assert clerk.get(f"/fairs/{code}/print").text.count("焊工") == 55


def test_the_employers_of_a_fair(
    database: Database, many: list[int], sign_in: Callable[..., FlaskClient]
) -> None:
    code = make_fair(database, many)
    clerk = sign_in("clerk")
    page = clerk.get(f"/fairs/{code}/employers").text
    assert "龙岗测试厂" in page
    assert "1,540" in page, "the posts of 55 positions"
    assert "罗湖酒楼" not in clerk.get(f"/fairs/{code}/employers?q=龙岗").text


TYPED = {
    "code": "bijie-2026",
    "name": "毕节春季招聘会",
    "name_en": "Bijie spring fair",
    "starts_on": "2026-03-06",
    "ends_on": "2026-03-07",
    "venue": "体育馆",
    "division_code": "5205",
}


def test_a_manager_sets_up_a_fair_and_changes_it(
    make: Make, sign_in: Callable[..., FlaskClient]
) -> None:
    make.office("5205")
    manager = sign_in("manager")
    assert "5205劳动部门" in manager.get("/fairs/new").text
    page = manager.post("/fairs/new", data=TYPED, follow_redirects=True).text
    assert "Bijie spring fair" in page
    assert "No position takes part yet" in page
    assert 'value="体育馆"' in manager.get("/fairs/bijie-2026/edit").text
    changed = TYPED | {"code": "bijie-spring", "venue": "人民公园"}
    page = manager.post("/fairs/bijie-2026/edit", data=changed, follow_redirects=True).text
    assert "人民公园" in page
    assert manager.get("/fairs/bijie-2026").status_code == 404
    assert manager.post("/fairs/bijie-spring/edit", data=changed).status_code == 303


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ends_on": "2026-03-05"}, "The last day is before the first."),
        ({"code": "2010-spring"}, "There is already a fair with the code 2010-spring."),
        ({"code": "毕节"}, "Use small letters, digits and single hyphens"),
        ({"code": "new"}, "Use small letters, digits and single hyphens"),
        ({"code": "2026"}, "with at least one letter"),
        ({"name": ""}, "Enter the name"),
        ({"starts_on": "2026-02-30"}, "First day of the fair"),
        ({"division_code": "11"}, "Host office"),
    ],
)
def test_a_wrong_fair_is_refused_and_nothing_typed_is_lost(
    database: Database,
    make: Make,
    sign_in: Callable[..., FlaskClient],
    change: dict[str, str],
    told: str,
) -> None:
    make.office("5205")
    make_fair(database, [])
    answer = sign_in("admin").post("/fairs/new", data=TYPED | change)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="体育馆"' in answer.text
    with database.reading() as session:
        assert len(queries.list_fairs(session)) == 1


def test_a_change_may_not_take_anothers_code(
    database: Database, make: Make, sign_in: Callable[..., FlaskClient]
) -> None:
    make.office("5205")
    make_fair(database, [])
    make_fair(database, [], code="second")
    answer = sign_in("manager").post("/fairs/second/edit", data=TYPED | {"code": "2010-spring"})
    assert answer.status_code == 422
    assert "already a fair" in answer.text


@pytest.mark.parametrize("role", ["clerk", "staff", "leader", "auditor"])
def test_others_read_but_do_not_write(
    database: Database, posts: list[int], sign_in: Callable[..., FlaskClient], role: str
) -> None:
    code = make_fair(database, posts)
    reader = sign_in(role)
    page = reader.get(f"/fairs/{code}").text
    assert "焊工" in page
    for hidden in ("Change the fair", "Add or take off", "Rank everybody", "/candidates"):
        assert hidden not in page or (role, hidden) == ("clerk", "/candidates")
    assert reader.get("/fairs/new").status_code == 403
    # A clerk edits the fairs of the own office: another's is not to be found.
    assert reader.get(f"/fairs/{code}/edit").status_code == (404 if role == "clerk" else 403)
    assert reader.get("/fairs/import").status_code == 403
    assert reader.post(f"/fairs/{code}/book/1").status_code == 403
    assert reader.post(f"/fairs/{code}/take-off/1").status_code == 403


def test_positions_are_added_and_taken_off(
    database: Database, sign_in: Callable[..., FlaskClient]
) -> None:
    code = make_fair(database, [])
    employer_id = make_employer(database, name="龙岗测试厂")
    whole = make_position(database, employer_id, title="焊工")
    bare = make_position(database, employer_id, title="普工", publish=False, headcount=None)
    foreign = make_position(database, make_employer(database), title="厨师")
    manager = sign_in("manager")
    assert "龙岗测试厂" in manager.get(f"/fairs/{code}/book?q=龙岗").text
    url = f"/fairs/{code}/book/{employer_id}"
    page = manager.get(url).text
    assert f'id="add-{whole}"' in page
    assert f'id="add-{bare}"' not in page
    assert "Number to hire" in page, "why the draft cannot take part"
    assert manager.post(url).status_code == 422, "nothing was ticked"
    refused = manager.post(url, data={"position": [whole, bare]})
    assert refused.status_code == 422
    assert f"Position {bare}" in refused.text
    answer = manager.post(url, data={"position": [whole, foreign]}, follow_redirects=True)
    assert "1 positions added to the fair." in answer.text
    assert f'id="off-{whole}"' in answer.text
    assert "焊工" in manager.get(f"/fairs/{code}").text
    off = f"/fairs/{code}/take-off/{employer_id}"
    assert "Choose at least one" in manager.post(off, follow_redirects=True).text
    answer = manager.post(off, data={"position": whole}, follow_redirects=True)
    assert "1 positions taken off the fair." in answer.text
    assert "焊工" not in manager.get(f"/fairs/{code}").text
    assert manager.get(f"/fairs/{code}/book/999999").status_code == 404


def test_an_unverified_employers_position_cannot_take_part(
    database: Database, sign_in: Callable[..., FlaskClient]
) -> None:
    code = make_fair(database, [])
    employer_id = make_employer(database, status=EmployerStatus.UNVERIFIED)
    position_id = make_position(database, employer_id, publish=False)
    manager = sign_in("manager")
    url = f"/fairs/{code}/book/{employer_id}"
    assert "Verification of the employer by the office" in manager.get(url).text
    assert manager.post(url, data={"position": position_id}).status_code == 422
    with database.writing() as session, pytest.raises(NotBookable):
        add_positions(session, 1, [position_id])


def test_a_position_that_can_no_longer_be_booked_is_told(
    database: Database, posts: list[int], sign_in: Callable[..., FlaskClient]
) -> None:
    code = make_fair(database, posts)
    manager = sign_in("manager")
    manager.post(f"/fairs/{code}/rank")
    late = make_position(database, make_employer(database), title="厨师")
    with database.writing() as session:
        close_position(session, posts[0])
        add_positions(session, 1, [late])
    page = manager.get(f"/fairs/{code}").text
    assert "1 positions could not be booked today" in page
    assert "1 positions were added after the last ranking" in page
    hindered = manager.get(f"/fairs/{code}?standing=hindered").text
    assert "the position is closed" in hindered
    assert "厨师" not in hindered


HEADER = "企业名称,统一社会信用代码,岗位名称,招聘人数,月薪,工作地点\n"


def test_a_file_is_taken_in_for_a_fair(
    database: Database, sign_in: Callable[..., FlaskClient]
) -> None:
    make_fair(database, [], code="other")
    code = make_fair(database, [])
    own = credit_code(8_000)
    make_employer(database, name="龙岗测试厂", credit_code=own)
    rows = f"龙岗测试厂,{own},焊工,7,3000-4000,深圳市龙岗区\n新来的厂,,普工,5,3000,深圳市宝安区\n"
    file = (HEADER + rows).encode()
    manager = sign_in("manager")
    assert f'value="{code}" selected' in manager.get(f"/fairs/import?fair={code}").text

    def send(name: str, fair: str) -> str:
        sent = {"file": (io.BytesIO(file), name), "fair": fair}
        preview = manager.post("/fairs/import", data=sent)
        assert preview.status_code == 302, preview.text
        where = preview.headers["Location"]
        assert "焊工" not in manager.get(f"/fairs/{fair}").text or fair == code
        assert manager.get(where).status_code == 200
        return manager.post(where, data={"confirm": "1"}, follow_redirects=True).text

    assert "1 positions added to Spring fair." in send("list.csv", code)
    page = manager.get(f"/fairs/{code}").text
    assert "焊工" in page
    assert "普工" not in page, "its employer is not verified"
    assert "1 positions added to Spring fair." in send("renamed.csv", "other"), (
        "rows that were there already take part, whatever the file is called"
    )
    assert "0 positions added to Spring fair." in send("list.csv", code)


def test_a_file_needs_a_fair_and_a_file(
    database: Database, sign_in: Callable[..., FlaskClient]
) -> None:
    manager = sign_in("manager")
    assert "Set up a fair first." in manager.get("/fairs/import", follow_redirects=True).text
    make_fair(database, [])
    answer = manager.post("/fairs/import", data={"fair": "2010-spring"})
    assert answer.status_code == 422
    assert "Choose a file" in answer.text


def test_the_command_books_the_same_file(
    database: Database, tmp_path: Path, sign_in: Callable[..., FlaskClient]
) -> None:
    own = credit_code(8_001)
    make_employer(database, name="龙岗测试厂", credit_code=own)
    code = make_fair(database, [])
    rows = f"龙岗测试厂,{own},焊工,7,3000-4000,深圳市龙岗区\n"
    terminal = Terminal("en")
    terminal.__dict__["database"] = database
    for name, booked in (("a.csv", 1), ("b.csv", 0)):
        (tmp_path / name).write_text(HEADER + rows, encoding="utf-8")
        with terminal.speaking():
            answer = CliRunner().invoke(
                import_group,
                ["positions", str(tmp_path / name), "--fair", code, "--json"],
                obj=terminal,
            )
        assert answer.exit_code == 0, answer.output
        assert json.loads(answer.stdout)["booked"] == booked
    assert "焊工" in sign_in("manager").get(f"/fairs/{code}").text
