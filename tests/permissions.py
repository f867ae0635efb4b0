"""Walks every route as every role, on own and others' records, and says where the policy breaks.

The agreed table stands here a second time, on purpose: comparing the program with its own policy
would not notice a row that was lost.
"""

import io
import re
import zipfile
from collections.abc import Callable, Collection, Container, Iterator
from dataclasses import dataclass
from functools import cached_property

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from jobfair.accounts import access
from jobfair.accounts.rules import OrganisationKind, Permission, Reach, Role
from jobfair.kit.db import Database
from tests.accounts.factory import kind_for, make_organisation, make_user, place_of
from tests.planted import holds_personal_data

_TABLE = """
public            everybody
account.self      every=self
codes.read        every=all
accounts.invite   admin=all clerk=organisation recruiter=organisation manager=organisation
                  registrar=organisation liaison=organisation
accounts.manage   admin=all
employers.read    admin=all clerk=all manager=all staff=all leader=all auditor=all
                  recruiter=organisation
employers.write   admin=all clerk=all manager=all recruiter=organisation
employers.verify  admin=all clerk=all
positions.read    admin=all clerk=all manager=all staff=all leader=all auditor=all
                  recruiter=organisation
positions.write   admin=all clerk=all manager=all recruiter=organisation
positions.import  admin=all clerk=all manager=all recruiter=organisation
candidates.read   admin=all clerk=division recruiter=organisation
seekers.read      admin=all clerk=division
seekers.write     admin=all clerk=division
seekers.import    admin=all clerk=division
seekers.unmask    admin=all clerk=division
seekers.merge     admin=all clerk=division
matching.run      admin=all manager=all
allocations.read  admin=all clerk=all manager=all leader=all auditor=all
allocations.edit  admin=all clerk=division
weights.read      admin=all clerk=all manager=all leader=all auditor=all
weights.write     admin=all
aliases.review    admin=all
fairs.read        admin=all clerk=all manager=all staff=all leader=all auditor=all
fairs.write       admin=all manager=all
fairs.edit        admin=all manager=all clerk=division
results.read      admin=all manager=all clerk=division recruiter=organisation
fairs.confirm     admin=all manager=all recruiter=organisation
offers.make       admin=all manager=all recruiter=organisation
small_fairs.write admin=all clerk=division
stations.manage   admin=all manager=all clerk=division
walk_ins          admin=all clerk=all
tallies.write     admin=all manager=all staff=all
paper.write       admin=all clerk=all manager=all staff=all
paper.check_in    admin=all manager=all clerk=division
station           nobody
uplink            nobody
placements.read   admin=all clerk=division
placements.write  admin=all clerk=division
placements.import admin=all clerk=division
agents.read       admin=all clerk=division leader=all auditor=all
agents.write      admin=all clerk=division
ownership.read    admin=all clerk=division liaison=organisation
hand_overs.answer admin=all liaison=organisation
hand_overs.offer  admin=all clerk=division
labour_stations.manage admin=all
village.work      collector=division
liaison.work      liaison=organisation
confirmations     admin=all clerk=division recruiter=organisation
recalls           admin=all clerk=organisation
fulfilment.read   admin=all clerk=all manager=all leader=all auditor=all
                  recruiter=organisation
fulfilment.chase  admin=all clerk=all manager=all
fulfilment.answer admin=all recruiter=organisation
departures.read   admin=all clerk=division
departures.write  admin=all clerk=division
departures.station nobody
subsidies.read    admin=all clerk=division auditor=all
subsidies.write   admin=all clerk=division
subsidies.pay     admin=all clerk=division
subsidy_rules.write admin=all
notices.read      admin=all clerk=division auditor=all
notices.write     admin=all clerk=division
students.read     admin=all registrar=organisation
students.write    admin=all registrar=organisation
students.import   admin=all registrar=organisation
students.unmask   admin=all registrar=organisation
reports.read      admin=all clerk=division registrar=organisation leader=all auditor=all
                  manager=all
reports.people    admin=all clerk=division registrar=organisation leader=all auditor=all
evidence.read     admin=all clerk=division
overlaps.read     admin=all clerk=division leader=all auditor=all
findings.payment_stops admin=all auditor=all
findings.read     admin=all clerk=division registrar=organisation leader=all auditor=all
findings.write    admin=all clerk=division registrar=organisation
retention.read    admin=all clerk=division leader=all auditor=all
lines.inspect     auditor=all
audit.read        admin=all auditor=all
"""

Agreed = dict[Permission, dict[Role, Reach]]

OWN_DIVISION = "520502"
OTHER_DIVISION = "520521"
OTHER_PLACE = "大方县"
_NO_ID = 999_999_999
# Who keeps people's records; everybody else meets them masked, on every page and in every export.
_KEEPERS = frozenset({Role.ADMIN, Role.CLERK, Role.REGISTRAR})
# Where an owner asks for a number to dial, which is recorded.
_ASKED_FOR = frozenset({"charges.liaison_phone"})
_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
_REQUEST_ID = re.compile(r"[0-9a-f]{32}")


def _grants(words: list[str]) -> dict[Role, Reach]:
    if words == ["everybody"]:
        return dict.fromkeys(Role, Reach.PUBLIC)
    if words == ["nobody"]:  # no role stands for a device
        return {}
    pairs = [word.split("=") for word in words]
    if pairs[0][0] == "every":
        return dict.fromkeys(Role, Reach(pairs[0][1]))
    return {Role(role): Reach(reach) for role, reach in pairs}


def agreed_table() -> Agreed:
    """Return the agreed policy."""
    lines = re.sub(r"\n +", " ", _TABLE.strip()).splitlines()
    return {Permission(line.split()[0]): _grants(line.split()[1:]) for line in lines}


@dataclass(frozen=True)
class Sample:
    """A kind of record that stands in URLs.

    Attributes:
        own: makes a record in the reach of a role.
        other: a record of another county, employer or school.
        limits: the reaches that keep a role from the other one.
        missing: a value no record has.
        secret: the value is a token that works nowhere in tests; 404 is its right answer.
    """

    own: Callable[[Role], object]
    other: object
    limits: frozenset[Reach] = frozenset()
    missing: object = _NO_ID
    secret: bool = False


class World:
    """Two of everything, and somebody of each role on the first side."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app = app
        self.database = database
        self.samples: dict[str, Sample] = {}
        self.own_employer: int | None = None
        self.other_employer: int | None = None
        self._cached: dict[tuple[str, Role], object] = {}
        self._clients: dict[Role, FlaskClient] = {}

    @cached_property
    def organisations(self) -> dict[OrganisationKind, int]:
        """The organisation of each kind that the walkers belong to."""
        return {
            kind: make_organisation(
                self.database,
                kind=kind,
                division=place_of(kind, OWN_DIVISION),
                name=f"自己的{kind}",
            )
            for kind in OrganisationKind
        }

    @cached_property
    def others(self) -> dict[OrganisationKind, int]:
        """Another organisation of each kind."""
        return {
            kind: make_organisation(
                self.database,
                kind=kind,
                division=place_of(kind, OTHER_DIVISION),
                name=f"别人的{kind}",
            )
            for kind in OrganisationKind
        }

    def organisation_of(self, role: Role) -> int:
        """Return the organisation of the walker of a role."""
        return self.organisations[kind_for(role)]

    def client(self, role: Role) -> FlaskClient:
        """Return a browser signed in as a role."""
        if role not in self._clients:
            user = make_user(self.database, role, self.organisation_of(role))
            client = self.app.test_client()
            client.post("/sign-in", data={"login": user.login, "password": user.password})
            client.set_cookie("language", "en")
            self._clients[role] = client
        return self._clients[role]

    def forget(self, role: Role) -> None:
        """Sign in anew next time."""
        self._clients.pop(role, None)

    def sample(self, route: "Route", name: str) -> Sample:
        """Return the sample of a route's parameter."""
        return self.samples[sample_name(route, name, self.samples)]

    def own(self, route: "Route", name: str, role: Role, *, fresh: bool) -> object:
        """Return a record in reach; a fresh one where the request may change it."""
        found = sample_name(route, name, self.samples)
        if fresh or (found, role) not in self._cached:
            self._cached[found, role] = self.samples[found].own(role)
        return self._cached[found, role]


@dataclass(frozen=True, slots=True)
class Route:
    """One rule with one method."""

    rule: Rule
    method: str
    permission: Permission

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def undeclared(app: Flask) -> list[str]:
    """Return the rules whose view says nothing about who may call it."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if access.permission_of(app.view_functions[rule.endpoint]) is None
    ]


def routes(app: Flask) -> list[Route]:
    """Return every declared route and method; signing out comes last."""
    found = []
    for rule in app.url_map.iter_rules():
        permission = access.permission_of(app.view_functions[rule.endpoint])
        if permission is not None:
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            found += [Route(rule, method, permission) for method in methods]
    return sorted(found, key=lambda r: (r.rule.endpoint == "accounts.sign_out", r.rule.rule))


def sample_name(route: Route, name: str, samples: Container[str]) -> str:
    """Return the name of a parameter's sample.

    A view's own, ``fairs.edit_fair.fair_code``, goes first, then a room's, ``school.event_id``.
    """
    endpoint = route.rule.endpoint
    own = (f"{endpoint}.{name}", f"{endpoint.partition('.')[0]}.{name}")
    return next((one for one in own if one in samples), name)


def samples_used(app: Flask, samples: Container[str]) -> set[str]:
    """Return the names of the samples that the routes need."""
    return {
        sample_name(route, name, samples) for route in routes(app) for name in route.rule.arguments
    }


def without_sample(app: Flask, samples: Collection[str]) -> list[str]:
    """Return the URL parameters for which there is no sample record."""
    return sorted(samples_used(app, samples) - set(samples))


def _url(route: Route, values: dict[str, object]) -> str:
    built = route.rule.build(values)
    assert built is not None
    return built[1]


def _ask(
    world: World, client: FlaskClient, route: Route, values: dict[str, object]
) -> TestResponse:
    # A view that breaks must count as a red cell, not stop the walk.
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.open(_url(route, values), method=route.method, buffered=True)
    if answer.location is not None:  # what is to be told on the next page belongs to no other cell
        with client.session_transaction() as browser:
            browser.pop("_flashes", None)
    return answer


def _own(world: World, route: Route, role: Role, *, fresh: bool = False) -> dict[str, object]:
    return {name: world.own(route, name, role, fresh=fresh) for name in route.rule.arguments}


def _refused(answer: TestResponse, route: Route) -> bool:
    to_sign_in = answer.headers.get("Location", "").startswith("/sign-in")
    leaves = route.rule.endpoint == "accounts.sign_out"
    return answer.status_code in {401, 403} or (to_sign_in and not leaves)


def _is_fault(answer: TestResponse) -> bool:
    return answer.status_code >= 500


def stranger_cells(world: World, route: Route) -> Iterator[str]:
    """Yield what is wrong when nobody is signed in."""
    client = world.app.test_client()
    answer = _ask(world, client, route, _own(world, route, Role.ADMIN))
    if route.permission is Permission.PUBLIC:
        if _refused(answer, route) or _is_fault(answer):
            yield f"{route} stranger: {answer.status_code}, should be open"
    elif not _refused(answer, route):
        yield f"{route} stranger: {answer.status_code}, should be sent to sign in"


def _own_cells(world: World, route: Route, role: Role) -> Iterator[str]:
    values = _own(world, route, role, fresh=route.method != "GET")
    answer = _ask(world, world.client(role), route, values)
    secret = any(world.sample(route, name).secret for name in route.rule.arguments)
    missing = answer.status_code == 404 and not secret
    if _refused(answer, route) or missing or _is_fault(answer):
        yield f"{route} {role} own: {answer.status_code}, should be allowed"
    shown = holds_personal_data(_readable(answer))
    if shown and role not in _KEEPERS and route.rule.endpoint not in _ASKED_FOR:
        yield f"{route} {role} own: shows a {shown} unmasked"


def _told(answer: TestResponse) -> str:
    """Return what a page says, without what differs from request to request."""
    return _REQUEST_ID.sub("", "".join(_MAIN.findall(_readable(answer))))


def _other_cells(world: World, route: Route, role: Role, reach: Reach) -> Iterator[str]:
    for name in sorted(route.rule.arguments):
        sample = world.sample(route, name)
        if sample.secret or sample.missing is None:
            continue
        values = _own(world, route, role)
        missing = _ask(world, world.client(role), route, values | {name: sample.missing})
        if missing.status_code != 404:
            yield f"{route} {role} missing {name}: {missing.status_code}, should be 404"
        if reach not in sample.limits:
            continue
        other = _ask(world, world.client(role), route, values | {name: sample.other})
        if other.status_code != 404:
            yield f"{route} {role} other {name}: {other.status_code}, should be 404"
        elif _told(other) != _told(missing):
            yield f"{route} {role} other {name}: differs from a missing one"


def role_cells(world: World, route: Route, role: Role, agreed: Agreed) -> Iterator[str]:
    """Yield what is wrong when a role asks."""
    reach = agreed[route.permission].get(role)
    if reach is None:
        answer = _ask(world, world.client(role), route, _own(world, route, role))
        no_role = {Permission.STATION, Permission.UPLINK, Permission.BATCH_STATION}
        right = 401 if route.permission in no_role else 403
        if answer.status_code != right:
            yield f"{route} {role}: {answer.status_code}, should be {right}"
        return
    yield from _own_cells(world, route, role)
    if route.permission is not Permission.PUBLIC:
        yield from _other_cells(world, route, role, reach)
    if route.rule.endpoint.startswith("accounts.sign_"):
        world.forget(role)


def leak_cells(world: World, route: Route, role: Role, agreed: Agreed) -> Iterator[str]:
    """Yield what lists, searches, exports and own records' pages show of others' records."""
    reach = agreed[route.permission].get(role)
    if route.method != "GET" or reach in {None, Reach.PUBLIC, Reach.ALL}:
        return
    url = _url(route, _own(world, route, role))
    forbidden = _links_to_others(world, role, agreed)
    queries = ("",) if route.rule.arguments else _nosy_queries(world)
    for query in queries:
        answer = world.client(role).get(url + query, buffered=True)
        text = _readable(answer)
        shown = [link for link in forbidden if re.search(re.escape(link) + r"(?![\w-])", text)]
        is_export = answer.mimetype != "text/html" and "template" not in route.rule.endpoint
        if is_export and reach is Reach.DIVISION:  # it has no links, but places
            shown += [place for place in (OTHER_DIVISION, OTHER_PLACE) if place in text]
        yield from (f"{route}{query} {role}: shows {what}" for what in shown)


def _readable(answer: TestResponse) -> str:
    """Return what an answer says, also when it is a workbook."""
    data: bytes = answer.data
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = [book.read(name) for name in book.namelist() if name.endswith(".xml")]
    return b"\n".join(parts).decode("utf-8", "replace")


def _nosy_queries(world: World) -> tuple[str, ...]:
    """Return what somebody would add to an address to see more."""
    office = world.others[OrganisationKind.LABOUR_OFFICE]
    employer = world.others[OrganisationKind.EMPLOYER]
    place = f"division={OTHER_DIVISION}&county={OTHER_DIVISION}&township={OTHER_DIVISION}001"
    return (
        "",
        f"?organisation={office}&organisation_id={office}",
        f"?organisation={employer}&organisation_id={employer}",
        f"?{place}",
        "?division=&county=&status=&role=&state=&sort=id&page=1",
    )


def _links_to_others(world: World, role: Role, agreed: Agreed) -> list[str]:
    found = set()
    for route in routes(world.app):
        names = route.rule.arguments
        reach = agreed[route.permission].get(role)
        if len(names) == 1 and reach is not None:
            [name] = names
            sample = world.sample(route, name)
            if reach in sample.limits:
                found.add(_url(route, {name: sample.other}))
    return sorted(found)


def walk(world: World, agreed: Agreed) -> list[str]:
    """Return every red cell: route × method × who × whose."""
    red = [f"{rule} declares no permission" for rule in undeclared(world.app)]
    red += [f"no sample for <{name}>" for name in without_sample(world.app, world.samples)]
    if red:
        return red
    for route in routes(world.app):
        red += stranger_cells(world, route)
        for role in Role:
            red += role_cells(world, route, role, agreed)
            red += leak_cells(world, route, role, agreed)
    return red
