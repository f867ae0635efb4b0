"""The permission matrix: every route × method × role × own, other's and missing records."""

from typing import cast

import pytest
from flask import Flask

from jobfair.accounts.access import allow
from jobfair.accounts.rules import POLICY, Permission, Reach, Role
from jobfair.kit.db import Database
from tests.permissions import (
    Agreed,
    Route,
    World,
    agreed_table,
    role_cells,
    routes,
    samples_used,
    stranger_cells,
    undeclared,
    walk,
    without_sample,
)
from tests.samples import SAMPLES


@pytest.fixture
def agreed() -> Agreed:
    return agreed_table()


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    made = World(app, database)
    used = samples_used(app, SAMPLES)
    made.samples = {name: SAMPLES[name](made) for name in SAMPLES if name in used}
    return made


def test_the_policy_is_the_agreed_one(agreed: Agreed) -> None:
    assert {permission: dict(row) for permission, row in POLICY.items()} == agreed


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    assert undeclared(app) == []


def test_every_url_parameter_has_a_sample_record(world: World) -> None:
    assert without_sample(world.app, world.samples) == []


def test_every_route_keeps_to_the_policy(world: World, agreed: Agreed) -> None:
    assert walk(world, agreed) == []


# From here on: the matrix turns red when a rule is broken.


def test_a_route_without_a_permission_is_closed_and_reported(app: Flask) -> None:
    app.add_url_rule("/rogue", "rogue", lambda: "everybody reads this")
    assert undeclared(app) == ["/rogue"]
    assert app.test_client().get("/rogue").status_code == 404


def test_a_parameter_without_a_sample_is_reported(world: World) -> None:
    view = allow(Permission.PUBLIC)(lambda **_values: "")
    world.app.add_url_rule("/rogue/<int:unheard_of_id>", "rogue", view)
    assert without_sample(world.app, world.samples) == ["unheard_of_id"]


def _rogue_cells(world: World, agreed: Agreed, role: Role) -> list[str]:
    route = next(r for r in routes(world.app) if r.rule.endpoint == "rogue")
    return [*role_cells(world, route, role, agreed), *stranger_cells(world, route)]


def test_a_view_that_forgets_its_scope_is_reported(world: World, agreed: Agreed) -> None:
    view = allow(Permission.ACCOUNTS_INVITE)(lambda user_id: f"all about {user_id}")
    world.app.add_url_rule("/rogue/<int:user_id>", "rogue", view)
    red = _rogue_cells(world, agreed, Role.RECRUITER)
    assert any("other user_id: 200" in cell for cell in red)


def test_a_list_that_forgets_its_scope_is_reported(world: World, agreed: Agreed) -> None:
    shown = f'<a href="/users/{world.samples["user_id"].other}">somebody else</a>'
    view = allow(Permission.ACCOUNTS_INVITE)(lambda: shown)
    world.app.add_url_rule("/rogue", "rogue", view)
    assert any("/rogue recruiter: shows /users/" in cell for cell in walk(world, agreed))


def test_an_open_view_behind_a_wrong_permission_is_reported(world: World, agreed: Agreed) -> None:
    view = allow(Permission.ACCOUNT_SELF)(lambda: "")
    world.app.add_url_rule("/rogue", "rogue", view)
    narrower = agreed | {Permission.ACCOUNT_SELF: {Role.ADMIN: Reach.SELF}}
    assert _rogue_cells(world, narrower, Role.CLERK) == ["GET /rogue clerk: 200, should be 403"]


def test_every_lost_or_added_row_of_the_policy_turns_a_cell_red(
    world: World, agreed: Agreed, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = cast(Agreed, POLICY)
    by_permission: dict[Permission, list[Route]] = {}
    for route in routes(world.app):
        by_permission.setdefault(route.permission, []).append(route)
    by_permission.pop(Permission.PUBLIC)
    silent = []
    for permission, its_routes in by_permission.items():
        for role in Role:
            row = dict(agreed[permission])
            if role in row:
                row.pop(role)
            else:
                row[role] = Reach.ALL
            with monkeypatch.context() as broken:
                broken.setitem(policy, permission, row)
                cells = (c for r in its_routes for c in role_cells(world, r, role, agreed))
                if next(cells, None) is None:
                    silent.append(f"{permission} {role}")
    assert silent == []
