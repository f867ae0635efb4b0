"""``jobfair demo``: a fresh home with an invented fair, loaded, ranked, served."""

import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from flask import Flask

from jobfair import config
from jobfair.accounts.demo_links import demo_links
from jobfair.accounts.rules import OrganisationKind, Role
from jobfair.accounts.services import OrganisationDraft, UserDraft, create_organisation, create_user
from jobfair.app import create_app
from jobfair.cli.serve import listen, must_be_free
from jobfair.demo import loading, owners
from jobfair.demo.earlier_fairs import live_earlier_fairs
from jobfair.demo.exports import labourers
from jobfair.demo.fair import demo_fair
from jobfair.demo.grants import load_grants
from jobfair.demo.journeys import COUNTY, live_journeys
from jobfair.demo.living import AT_THE_FAIR, live_fair_day
from jobfair.demo.people import DEFAULT_COUNT, FULL_COUNT, seekers
from jobfair.demo.students import students
from jobfair.fairs.queries import find_fair
from jobfair.fairs.ranking import rank_and_keep
from jobfair.kit import audit
from jobfair.kit.db import Database
from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.home import open_home
from jobfair.kit.i18n import N_, translate
from jobfair.kit.servers import count_servers
from jobfair.kit.terminal import Terminal, answer, pass_terminal, peak_mb
from jobfair.matching.pool import Pool
from jobfair.migrations import schema
from jobfair.regions import services as regions

_BLOCK = 5_000
_FIRMS = 4  # where people of the county go after the fair
_HOST = "127.0.0.1"  # everybody with a link may sign in: never beyond this machine
_MARK = "DEMO"
_COUNTY = "520521"
_VILLAGE = ("520521001", "大方县红旗街道便民服务站")
# Name, where it stands, the places it serves.
_STATIONS = (
    ("毕节驻深圳宝安劳务站", "440306", ("440306",)),
    ("毕节驻深圳龙岗劳务站", "440307", ("440307", "440310")),
)
_ROLE_NAMES = {
    Role.ADMIN: "系统管理员 Administrator",
    Role.CLERK: "县级经办人 County clerk",
    Role.RECRUITER: "企业招聘员 Recruiter",
    Role.MANAGER: "招聘会主管 Fair manager",
    Role.STAFF: "招聘会工作人员 Fair staff",
    Role.REGISTRAR: "学校学籍员 School registrar",
    Role.LEADER: "领导 Leader",
    Role.AUDITOR: "审计员 Auditor",
    Role.COLLECTOR: "村级信息员 Collector",
    Role.LIAISON: "驻站人员 Liaison",
}


class NotADemoHome(Refusal):
    """The home holds something that is not a demonstration."""

    code = "not_a_demo_home"
    message = N_("%(home)s holds real data. Set JOBFAIR_HOME to another folder for the demo.")


class HomeInUse(Refusal):
    """A server still serves the former demonstration."""

    code = "home_in_use"
    message = N_("A server is using %(home)s. Stop it first (Ctrl+C where it runs).")


class DatabaseNotEmpty(Refusal):
    """The server's database has tables already."""

    code = "database_not_empty"
    message = N_(
        "The database of JOBFAIR_DATABASE_URL holds data already. Name an empty database, or unset "
        "it: the demo then makes its own."
    )


def _must_be_empty() -> None:
    """Make sure that invented people never come beside real ones in a server's database.

    Raises:
        DatabaseNotEmpty: they would.
    """
    if not os.environ.get("JOBFAIR_DATABASE_URL", "").strip():
        return
    database = Database(config.database_url(os.environ, Path()))
    try:
        if schema.current(database) is not None:
            raise DatabaseNotEmpty
    finally:
        database.close()


def _fresh_home() -> Path:
    """Return an empty home marked as a demonstration; a former demonstration is forgotten.

    Raises:
        NotADemoHome: there is something else.
        HomeInUse: it is being served.
    """
    given = os.environ.get("JOBFAIR_HOME", "").strip()
    home = Path(given or "data/demo").expanduser().resolve()
    if home.exists() and any(home.iterdir()):
        if not (home / _MARK).exists():
            raise NotADemoHome(home=str(home))
        if count_servers(home / "jobfair.db"):
            raise HomeInUse(home=str(home))
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / _MARK).write_text("invented people only\n", encoding="ascii")
    os.environ["JOBFAIR_HOME"] = str(home)
    return home


def _blocks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _BLOCK):
        yield rows[start : start + _BLOCK]


def _add_accounts(database: Database, recruiter_of: int) -> dict[Role, int]:
    """Add one account for each role and return the organisation of each."""
    places = {
        Role.ADMIN: OrganisationDraft(OrganisationKind.LABOUR_OFFICE, "毕节市人社局", "5205"),
        Role.CLERK: OrganisationDraft(OrganisationKind.LABOUR_OFFICE, "大方县人社局", _COUNTY),
        Role.MANAGER: OrganisationDraft(OrganisationKind.ORGANISER, "毕节招聘会组委会", None),
        Role.REGISTRAR: OrganisationDraft(OrganisationKind.SCHOOL, "深圳携创技工学校", None),
        Role.AUDITOR: OrganisationDraft(OrganisationKind.AUDITOR, "深圳市审计组", None),
        Role.COLLECTOR: OrganisationDraft(OrganisationKind.VILLAGE, _VILLAGE[1], _VILLAGE[0]),
        Role.LIAISON: OrganisationDraft(OrganisationKind.LABOUR_STATION, *_STATIONS[0][:2]),
    }
    with database.writing() as session:
        made = {role: create_organisation(session, draft) for role, draft in places.items()}
        made[Role.STAFF] = made[Role.MANAGER]
        made[Role.LEADER] = made[Role.ADMIN]
        made[Role.RECRUITER] = recruiter_of
        for role in Role:
            draft = UserDraft(str(role), _ROLE_NAMES[role].split()[0], secrets.token_urlsafe(18))
            create_user(session, draft, organisation_id=made[role], role=role)
    return made


def _let_stations_work(database: Database, liaisons: int) -> None:
    """Open the labour stations and let the first work a while; two transactions at least."""
    with database.writing() as session:
        serves: dict[int, tuple[str, ...]] = {liaisons: _STATIONS[0][2]}
        for name, division, places in _STATIONS[1:]:
            draft = OrganisationDraft(OrganisationKind.LABOUR_STATION, name, division)
            serves[create_organisation(session, draft)] = places
        owners.open_stations(session, serves)
    more = True
    while more:
        with database.writing() as session:
            more = owners.offer_everybody(session)
    with database.writing() as session:
        owners.let_stations_work(session, liaisons, county=_COUNTY)
    with database.writing() as session:
        owners.offer_everybody(session)


def _load(terminal: Terminal, database: Database, count: int) -> dict[str, int]:
    fair = demo_fair()
    people = list(seekers(count))
    exported = list(labourers())
    enrolled = list(students())
    total = len(people) + len(exported) + len(enrolled)
    done = 0
    with terminal.progress(translate(N_("Loading"))) as step:
        with database.writing() as session:
            loaded = loading.load_fair(session, fair)
        made = _add_accounts(database, loaded.employers[0].organisation_id)
        office = made[Role.ADMIN]
        ids: list[int] = []
        for block in _blocks(people):
            with database.writing() as session:
                ids += loading.load_seekers(session, block, registered_by=office)
            done += len(block)
            step(done, total)
        for block in _blocks(exported):
            with database.writing() as session:
                loading.load_exports(session, block, registered_by=office)
            done += len(block)
            step(done, total)
        _let_stations_work(database, made[Role.LIAISON])
        with database.writing() as session:
            loading.load_students(session, made[Role.REGISTRAR], enrolled)
            load_grants(session, made[Role.REGISTRAR], enrolled)
        with database.writing() as session:
            live_fair_day(session, loaded.fair_id, ids)
        with database.writing() as session:
            # A few firms with several people each: what they promised can be compared.
            firms = [
                (stored.employer_id, offer.employer.name)
                for stored, offer in zip(loaded.employers, fair.offers, strict=True)
            ][:_FIRMS]
            clerk = Recorder(office_id=made[Role.CLERK])
            elsewhere = list(zip(ids, people, strict=True))[AT_THE_FAIR:]
            live_journeys(session, elsewhere, firms, clerk)
        with database.writing() as session:
            free = [one for one, draft in elsewhere if not draft.home_division.startswith(COUNTY)]
            live_earlier_fairs(session, loaded.fair_id, free)
        step(total, total)
    return {
        "employers": len(loaded.employers),
        "positions": loaded.positions,
        "posts": fair.headcount,
        "seekers": len(people),
        "exported": len(exported),
        "students": len(enrolled),
    }


def _say_where(app: Flask, settings: config.Settings, *, serving: bool) -> None:
    """Print, in both languages, the last lines: where to look, sign in, stop, start clean."""
    address = f"http://{_HOST}:{settings.port}"
    lines = [
        "",
        "演示数据，人和企业全部为虚构。 / DEMONSTRATION: every person and enterprise is invented.",
        "",
        f"地址 / Address:   {address}/",
        "一键登录 / Sign in with one tap:",
        *(f"  {_ROLE_NAMES[role]:<28} {address}{path}" for role, path in demo_links(app)),
        f"数据 / Data:      {settings.home}",
        "停止 / Stop:      Ctrl+C" if serving else "启动 / Serve:     jobfair serve",
        "重来 / Start clean: make clean-demo && make demo",
    ]
    click.echo("\n".join(lines), err=not serving)


@click.command("demo")
@click.option("--full", is_flag=True, help="110,000 seekers.")
@click.option("--seekers", "count", type=click.IntRange(1), help="How many seekers.")
@click.option("--no-serve", is_flag=True, help="Load and rank only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def demo(
    terminal: Terminal, *, full: bool, count: int | None, no_serve: bool, as_json: bool
) -> None:
    """Load a demonstration fair, rank it and serve it."""
    if not no_serve:
        must_be_free(_HOST, config.port())  # before the work, not after it
    _must_be_empty()
    _fresh_home()
    settings = config.load(environment="demo")
    audit.act_as(None, "demo")
    began = time.perf_counter()
    database = open_home(settings)
    schema.create(database)
    with database.writing() as session:
        regions.load_seed(session)
    counted = _load(terminal, database, count or (FULL_COUNT if full else DEFAULT_COUNT))
    loaded = time.perf_counter()
    pool = Pool(database)
    with database.reading() as session:
        fair = find_fair(session, "bijie-2010")
    if fair is None:
        raise loading.NotLoaded("the fair")
    with terminal.progress(translate(N_("Ranking"))) as step:
        rank_and_keep(database, pool, fair, step=step)
    payload = {
        **counted,
        "load_s": round(loaded - began, 2),
        "rank_s": round(time.perf_counter() - loaded, 2),
        "peak_mb": peak_mb(),
    }
    text = "  ".join(f"{k} {v:,}" for k, v in payload.items())
    answer(payload, as_json=as_json, text=text)
    app = create_app(settings, database)
    _say_where(app, settings, serving=not no_serve)
    if not no_serve:
        listen(app, database, host=_HOST)
