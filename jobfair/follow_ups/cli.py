"""``jobfair follow-ups``: what a nightly job and a month's first day need."""

import click

from jobfair.follow_ups.services import catch_up
from jobfair.kit.terminal import Terminal, answer, pass_terminal
from jobfair.ownership.services import catch_up as settle_hand_overs


@click.group("follow-ups")
def follow_ups() -> None:
    """Follow-ups of people on post."""


@follow_ups.command("catch-up")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def catch_up_command(terminal: Terminal, *, as_json: bool) -> None:
    """Offer hand-overs and make what has become due; pages do it too, this keeps them quick."""
    more = True
    while more:
        with terminal.database.writing() as session:
            more = settle_hand_overs(session)
    made = changed = 0
    more = True
    while more:
        with terminal.database.writing() as session:
            caught = catch_up(session)
        made, changed, more = made + caught.made, changed + caught.changed, caught.more
    found = {"made": made, "changed": changed}
    answer(found, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in found.items()))
