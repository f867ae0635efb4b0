"""What stands in an address: a number that no record can have is not found, and no failure."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jobfair.kit.web import LARGEST_ID

SignIn = Callable[..., FlaskClient]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)  # SQLite holds larger numbers
def test_a_number_that_no_column_holds_is_not_found(app: Flask, sign_in: SignIn) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    admin = sign_in("admin")
    asked = 0
    for rule in app.url_map.iter_rules():
        numbers = rule.rule.count("<int:")
        if not numbers or numbers != len(rule.arguments) or "GET" not in (rule.methods or ()):
            continue
        built = rule.build(dict.fromkeys(rule.arguments, LARGEST_ID + 1))
        assert built
        assert admin.get(built[1]).status_code == 404, rule
        asked += 1
    assert asked > 20
