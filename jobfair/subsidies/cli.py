"""``jobfair subsidies``: what a nightly job needs, so that nobody who is entitled is forgotten."""

import click

from jobfair.kit import clock
from jobfair.kit.events.rules import Recorder
from jobfair.kit.terminal import Terminal, answer, pass_terminal
from jobfair.subsidies.queries.terms import in_force
from jobfair.subsidies.services.claims import propose


@click.group("subsidies")
def subsidies() -> None:
    """Subsidies of people at work."""


@subsidies.command("propose")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def propose_command(terminal: Terminal, *, as_json: bool) -> None:
    """Open a claim for whoever has become entitled; the first page then says whom to tell."""
    with terminal.database.reading() as session:
        rules = [rule.id for rule in in_force(session) if rule.terms.closes_on >= clock.today()]
    opened = 0
    for rule_id in rules:
        with terminal.database.writing() as session:
            opened += propose(session, rule_id, Recorder())
    found = {"terms": len(rules), "opened": opened}
    answer(found, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in found.items()))
