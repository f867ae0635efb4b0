from datetime import date

from stdnum.cn import uscc

from jobfair.demo.fair import DemoFair, demo_fair
from jobfair.demo.invented import REGISTRAR
from jobfair.employers.rules.drafts import PositionDraft
from jobfair.employers.rules.vacancy import check_draft, stops
from jobfair.regions import codes


def _positions(fair: DemoFair) -> list[PositionDraft]:
    return [p for offer in fair.offers for p in offer.positions]


def test_the_fair_has_55_employers_400_positions_and_exactly_19137_posts() -> None:
    fair = demo_fair()
    assert len(fair.offers) == 55
    assert len(_positions(fair)) == 400
    assert fair.headcount == 19_137
    assert all((p.headcount or 0) > 0 for offer in fair.offers for p in offer.positions)


def test_the_fair_is_the_same_every_time() -> None:
    assert demo_fair() == demo_fair()


def test_employers_are_visibly_invented_and_their_codes_check_out() -> None:
    offers = demo_fair().offers
    found = [offer.employer.credit_code or "" for offer in offers]
    assert len(set(found)) == 55
    assert all(uscc.is_valid(code) and code[2:8] == REGISTRAR for code in found)
    assert all("（演示）" in offer.employer.name for offer in offers)


def test_positions_are_complete_and_keep_to_the_minimum_wage_of_the_day() -> None:
    for offer in demo_fair().offers:
        assert offer.employer.industry_code in codes.industries()
        for position in offer.positions:
            assert position.missing() == ()
            assert codes.occupation_name(position.occupation_code)
            assert (position.workplace_division or "").startswith("4403")
            minimum = codes.minimum_wage(position.workplace_division, date(2010, 3, 6))
            assert minimum is not None
            assert position.wage is not None
            assert position.wage.low >= minimum


def test_no_position_breaks_a_vacancy_rule() -> None:
    for position in _positions(demo_fair()):
        findings = check_draft(position, minimum=codes.minimum_wage, on=date(2010, 3, 6))
        assert not stops(findings), position.title
