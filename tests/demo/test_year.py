"""A year of exported labourers, as small as it can be and still hold every kind of fate."""

import json

from click.testing import CliRunner

from jobfair.cli.simulate import simulate
from jobfair.kit.terminal import Terminal


def test_what_a_year_reports_equals_books_of_its_own() -> None:
    terminal = Terminal("en")
    with terminal.speaking():
        answer = CliRunner().invoke(simulate, ["year", "--seekers", "150", "--json"], obj=terminal)
    found = json.loads(answer.output)
    assert (answer.exit_code, found["equal"]) == (0, True), answer.output
    now = found["ours"]["known_now"]
    assert now["persons"] > 130
    due, stayed, left, unknown, exempt = now["same_employer.m6"][:5]
    assert due == stayed + left + unknown
    assert min(stayed, left, unknown, exempt) > 0, "every kind of fate is there"
    assert found["late_and_corrected"] >= 10
    assert found["ours"]["known_before"] != now, "what came late changes something"
    assert found["ours"]["subsidy_fen"] > 0
    travelled = found["ours"]["departures"]
    assert travelled["planned"] == travelled["boarded"] + travelled["no_shows"]
    assert travelled["boarded"] > travelled["arrived"] > travelled["handed_over"] > 0
    assert 0 < travelled["on_post"] < travelled["boarded"], "some begin later than within 7 days"
    money = found["ours"]["payments"]
    assert min(money["paid_fen"], money["returned_fen"]) > 0
    assert money["exported"] > money["paid"] + money["returned"], "some were sent twice"
    first, *later = found["ours"]["confirmations"]
    assert min(first["here"], first["left"]) > 0
    assert first["again"] == first["here"] + first["left"], "the same list twice changes nothing"
    assert len(later) == 2
