"""The pages of seekers as a clerk uses them."""

import io
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from jobfair.kit.db import Database
from jobfair.seekers import queries
from tests.planted import holds_personal_data, person
from tests.seekers.factory import draft, make_seeker

SignIn = Callable[..., FlaskClient]


def typed(n: int, **changes: str) -> dict[str, str]:
    who = person(n)
    return {
        "id_number": who.id_number,
        "name": who.name,
        "phone": who.phone,
        "home": "520502",
        "wishes": "普工\n保洁",
        "ethnic_group": "",
        "education": "",
        "hukou_kind": "",
        "household_category": "",
        "agreed": "y",
        **changes,
    }


def test_a_clerk_registers_a_person_and_sees_the_masked_record(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    answer = clerk.post("/seekers/new", data=typed(1), follow_redirects=True)
    assert answer.status_code == 200
    assert person(1).name not in answer.text
    assert person(1).id_number not in answer.text
    assert "保洁" in answer.text
    with database.reading() as session:
        assert queries.count_seekers(session, queries.SeekerFilter(scope="520502")) == 1


def test_the_same_person_again_shows_what_changed(sign_in: SignIn, database: Database) -> None:
    make_seeker(database, 1, village=None)
    clerk = sign_in("clerk", division="520502")
    answer = clerk.post("/seekers/new", data=typed(1, education="31"))
    assert answer.status_code == 200
    assert "What changed" in answer.text
    assert "Junior middle school" in answer.text
    assert "Junior college" in answer.text


def test_who_goes_only_with_the_whole_group_is_asked_shown_and_taken_back(sign_in: SignIn) -> None:
    clerk = sign_in("clerk", division="520502")
    said = typed(1, travel_group="同乡", only_with_group="y")
    shown = clerk.post("/seekers/new", data=said, follow_redirects=True)
    assert "同乡 (only with the whole group)" in shown.text
    address = shown.request.path
    form = clerk.get(f"{address}/edit").text
    assert re.search(r'id="only_with_group"[^>]*checked|checked[^>]*id="only_with_group"', form)
    alone = typed(1, travel_group="", only_with_group="y", agreed="")
    clerk.post(f"{address}/edit", data=alone, follow_redirects=True)
    assert "only with the whole group" not in clerk.get(address).text


def test_a_refused_form_keeps_what_was_typed_and_says_why(sign_in: SignIn) -> None:
    clerk = sign_in("clerk", division="520502")
    answer = clerk.post(
        "/seekers/new", data=typed(1, id_number="5.22E+17", home="nowhere", agreed="")
    )
    assert answer.status_code == 422
    assert "Excel" in answer.text
    assert "No such county" in answer.text
    assert "must agree" in answer.text
    assert "保洁" in answer.text


def test_a_home_in_another_county_is_refused(sign_in: SignIn) -> None:
    clerk = sign_in("clerk", division="520502")
    answer = clerk.post("/seekers/new", data=typed(1, home="520521"))
    assert answer.status_code == 422
    assert "outside your office" in answer.text


def test_the_lookup_tells_the_own_office_who_and_others_only_that(
    sign_in: SignIn, database: Database
) -> None:
    make_seeker(database, 1)
    number = {"id_number": person(1).id_number}
    own = sign_in("clerk", division="520502").post("/seekers/lookup", data=number).get_json()
    other = sign_in("clerk", division="520521").post("/seekers/lookup", data=number).get_json()
    assert own["url"].endswith("/edit")
    assert other["registered"] is True
    assert "url" not in other
    wrong = sign_in("clerk", division="520502").post("/seekers/lookup", data={"id_number": "1"})
    assert wrong.status_code == 422


def test_a_search_keeps_the_name_out_of_the_url(sign_in: SignIn, database: Database) -> None:
    make_seeker(database, 1)
    make_seeker(database, 2)
    clerk = sign_in("clerk", division="520502")
    answer = clerk.post(
        "/seekers/search", data={"text": person(1).name, "state": "active"}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert person(1).id_number[-4:] in answer.text
    assert person(2).id_number[-4:] not in answer.text


def test_seeing_in_clear_needs_a_reason_and_is_recorded(
    sign_in: SignIn, database: Database
) -> None:
    seeker_id = make_seeker(database, 1)
    clerk = sign_in("clerk", division="520502")
    assert clerk.post(f"/seekers/{seeker_id}/unmask", data={}).status_code == 422
    answer = clerk.post(f"/seekers/{seeker_id}/unmask", data={"reason": "contact"})
    assert person(1).id_number in answer.text
    assert person(1).phone in answer.text


def test_another_county_finds_no_such_record(sign_in: SignIn, database: Database) -> None:
    seeker_id = make_seeker(database, 1)
    other = sign_in("clerk", division="520521")
    for path in ("", "/edit"):
        assert other.get(f"/seekers/{seeker_id}{path}").status_code == 404
    for verb in ("unmask", "renew", "withdraw", "erase"):
        data = {"reason": "contact"}
        assert other.post(f"/seekers/{seeker_id}/{verb}", data=data).status_code == 404


def test_editing_renewing_withdrawing_and_erasing(sign_in: SignIn, database: Database) -> None:
    seeker_id = make_seeker(database, 1)
    clerk = sign_in("clerk", division="520502")
    form = clerk.get(f"/seekers/{seeker_id}/edit")
    assert person(1).phone in form.text
    changed = clerk.post(f"/seekers/{seeker_id}/edit", data=typed(1, village="新村", agreed=""))
    assert "新村" in changed.text
    for verb in ("renew", "withdraw", "erase"):
        answer = clerk.post(f"/seekers/{seeker_id}/{verb}", follow_redirects=True)
        assert answer.status_code == 200
    assert "Erased record" in answer.text
    assert clerk.get("/seekers/").status_code == 200


def test_a_pair_is_compared_merged_and_made_two_again(sign_in: SignIn, database: Database) -> None:
    kept = make_seeker(database, 1, village="大坝村")
    merged = make_seeker(database, 2, village="大坝村", name=draft(1).name)
    clerk = sign_in("clerk", division="520502")
    assert "Compare" in clerk.get("/seekers/duplicates").text
    with database.reading() as session:
        pair = queries.list_duplicates(session, scope=None)[0].id
    assert clerk.get(f"/seekers/duplicates/{pair}").status_code == 200
    answer = clerk.post(
        f"/seekers/duplicates/{pair}/merge", data={"keep": str(kept)}, follow_redirects=True
    )
    assert "Undo the merge" in answer.text
    assert "merged" in clerk.get(f"/seekers/{merged}").text
    with database.reading() as session:
        merge_id = queries.list_merges(session)[0].id
    answer = clerk.post(f"/seekers/merges/{merge_id}/undo", follow_redirects=True)
    assert answer.status_code == 200
    answer = clerk.post(f"/seekers/duplicates/{pair}/keep-apart", follow_redirects=True)
    assert "Nothing to review" in answer.text


def test_exports_are_masked_files(sign_in: SignIn, database: Database) -> None:
    make_seeker(database, 1)
    clerk = sign_in("clerk", division="520502")
    text = clerk.get("/seekers/export.csv").get_data(as_text=True)
    assert person(1).id_number[-4:] in text
    assert person(1).name not in text
    assert clerk.get("/seekers/export.xlsx").data.startswith(b"PK")
    assert clerk.get("/seekers/export.pdf").status_code == 404
    assert clerk.get("/seekers/template.xlsx").data.startswith(b"PK")


def test_a_clerk_imports_a_ledger_and_gets_the_bad_row_back(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    who = person(1)
    text = f"姓名,身份证号码,联系电话\n{who.name},{who.id_number},{who.phone}\n某某,5.22E+17,\n"
    sent = {"file": (io.BytesIO(text.encode("gb18030")), "台账.csv")}
    preview = clerk.post("/seekers/import", data=sent, follow_redirects=True)
    assert preview.status_code == 200
    done = clerk.post(preview.request.path, follow_redirects=True)
    assert done.status_code == 200
    assert "Excel" in done.text
    errors = clerk.get(done.request.path.replace("/result", "/errors.xlsx"))
    assert errors.data.startswith(b"PK")
    with database.reading() as session:
        assert queries.count_seekers(session, queries.SeekerFilter(scope="520502")) == 1


def test_every_filter_and_the_consent_page_open(sign_in: SignIn, database: Database) -> None:
    make_seeker(database, 1)
    clerk = sign_in("clerk", division="520502")
    query = "state=active&category=general&education=71&age_from=16&age_to=60&sort=birth&page=1"
    assert person(1).id_number[-4:] in clerk.get(f"/seekers/?{query}").text
    assert "No seekers found" in clerk.get("/seekers/?state=employed").text
    assert clerk.get("/seekers/consent").status_code == 200


def test_the_next_person_of_a_village_needs_no_typing_of_it(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    neighbour = make_seeker(database, 1, division="520502001", village="石板村")
    page = clerk.get(f"/seekers/new?like={neighbour}").text
    assert 'value="石板村"' in page
    assert holds_personal_data(page) is None
    other = make_seeker(database, 2, division="520521001")
    assert clerk.get(f"/seekers/new?like={other}").status_code == 404
