"""``jobfair hall``: take over a fair's day, and keep in step with the prefecture."""

import click

from jobfair.cli.serve import must_be_upgraded
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.terminal import Terminal, answer, pass_terminal
from jobfair.uplink import courier
from jobfair.uplink.queries.states import halls_open, state_by_id

_PAIRED = N_(
    "The day of %(fair)s is run here now: %(rows)s rows arrived. Start: jobfair serve --hall"
)
_STATE = N_("%(fair)s: %(waiting)s rows not yet sent, %(aside)s set aside here, %(there)s there.")


class NoUplink(NotFound):
    """This server runs no fair's day for another."""

    code = "no_uplink"
    message = N_("This server runs no fair's day. Pair it first: jobfair hall pair ADDRESS CODE")


@click.group("hall")
def hall_group() -> None:
    """Run a fair's day on this laptop."""


@hall_group.command("pair")
@click.argument("address")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def pair(terminal: Terminal, *, address: str, code: str, as_json: bool) -> None:
    """Take over a fair's day by the code on its page, and fetch what the day needs."""
    must_be_upgraded(terminal.database)
    uplink = courier.pair(terminal.database, address, code)
    synced = courier.Courier(terminal.database).sync(uplink)
    with terminal.database.reading() as session:
        state = state_by_id(session, uplink)
    rows = sum(count for _table, count in state.shared)
    told = {"fair": state.fair_code, "packs": synced.packs, "rows": rows}
    answer(told, as_json=as_json, text=translate(_PAIRED, fair=state.fair_code, rows=f"{rows:,}"))


@hall_group.command("sync")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def sync(terminal: Terminal, *, as_json: bool) -> None:
    """Exchange with the prefecture until neither has anything for the other."""
    must_be_upgraded(terminal.database)
    with terminal.database.reading() as session:
        every = halls_open(session)
    if not every:
        raise NoUplink
    for uplink in every:
        synced = courier.Courier(terminal.database).sync(uplink)
        with terminal.database.reading() as session:
            state = state_by_id(session, uplink)
        told = {
            "fair": state.fair_code,
            "packs": synced.packs,
            "ended": synced.ended,
            "waiting": state.waiting,
            "aside": state.aside,
            "aside_there": state.aside_there,
        }
        text = translate(
            _STATE,
            fair=state.fair_code,
            waiting=state.waiting,
            aside=state.aside,
            there=state.aside_there,
        )
        answer(told, as_json=as_json, text=text)
