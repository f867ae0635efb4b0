"""The permission matrix: every route × method × role × own, other's and missing records."""

from typing import cast

import pytest
from flask import Flask

from jobfair.accounts.access import allow
from jobfair.accounts.rules import POLICY, Permission, Reach, Role
from jobfair.kit.db import Database
from jobfair.reports.queries import CODES
from tests.permissions import (
    OTHER_PLACE,
    Agreed,
    Route,
    World,
    agreed_table,
    leak_cells,
    role_cells,
    routes,
    samples_used,
    stranger_cells,
    undeclared,
    walk,
    without_sample,
)
from tests.planted import person
from tests.samples import SAMPLES

pytestmark = pytest.mark.long


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


@pytest.mark.parametrize("code", CODES)
def test_a_report_counts_only_people_in_reach(world: World, code: str) -> None:
    address = f"/reports/{code}/file/csv"
    admin = world.client(Role.ADMIN).get(address).text
    clerk = world.client(Role.CLERK).get(address).text
    assert OTHER_PLACE in admin, "there is something to leak"
    assert OTHER_PLACE not in clerk


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
    route = next(r for r in routes(world.app) if r.rule.endpoint == "rogue")
    red = list(leak_cells(world, route, Role.RECRUITER, agreed))
    assert any("GET /rogue recruiter: shows /users/" in cell for cell in red)


def test_a_page_that_shows_people_unmasked_is_reported(world: World, agreed: Agreed) -> None:
    view = allow(Permission.REPORTS_READ)(lambda: f"<p>{person(1).phone}</p>")
    world.app.add_url_rule("/rogue", "rogue", view)
    red = _rogue_cells(world, agreed, Role.LEADER)
    assert red == ["GET /rogue leader own: shows a phone unmasked"]


def test_an_open_view_behind_a_wrong_permission_is_reported(world: World, agreed: Agreed) -> None:
    view = allow(Permission.ACCOUNT_SELF)(lambda: "")
    world.app.add_url_rule("/rogue", "rogue", view)
    narrower = agreed | {Permission.ACCOUNT_SELF: {Role.ADMIN: Reach.SELF}}
    assert _rogue_cells(world, narrower, Role.CLERK) == ["GET /rogue clerk: 200, should be 403"]


def _silent(
    world: World,
    agreed: Agreed,
    monkeypatch: pytest.MonkeyPatch,
    broken: dict[tuple[Permission, Role], Reach | None],
    its_routes: dict[Permission, list[Route]],
) -> list[str]:
    """Return the breaches of the policy that no cell of the matrix notices."""
    policy = cast(Agreed, POLICY)
    silent = []
    for (permission, role), reach in broken.items():
        row = {r: v for r, v in agreed[permission].items() if r is not role}
        with monkeypatch.context() as breach:
            breach.setitem(policy, permission, row if reach is None else row | {role: reach})
            cells = (
                cell
                for route in its_routes.get(permission, [])
                for cell in role_cells(world, route, role, agreed)
            )
            if next(cells, None) is None:
                silent.append(f"{permission} {role}")
    return silent


def _routes_by_permission(world: World) -> dict[Permission, list[Route]]:
    found: dict[Permission, list[Route]] = {}
    for route in routes(world.app):
        found.setdefault(route.permission, []).append(route)
    found.pop(Permission.PUBLIC)
    return found


def test_every_lost_row_of_the_policy_turns_a_cell_red(
    world: World, agreed: Agreed, monkeypatch: pytest.MonkeyPatch
) -> None:
    its_routes = _routes_by_permission(world)
    lost = {(p, role): None for p in its_routes for role in agreed[p]}
    assert _silent(world, agreed, monkeypatch, dict(lost), its_routes) == []


def test_every_widened_row_of_the_policy_turns_a_cell_red(
    world: World, agreed: Agreed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_limited(route: Route, reach: Reach) -> bool:
        return any(reach in world.sample(route, name).limits for name in route.rule.arguments)

    its_routes = _routes_by_permission(world)
    wide = {
        (p, role): Reach.ALL
        for p, found in its_routes.items()
        for role, reach in agreed[p].items()
        if any(is_limited(route, reach) for route in found)
    }
    assert len(wide) >= 10
    assert _silent(world, agreed, monkeypatch, dict(wide), its_routes) == []
