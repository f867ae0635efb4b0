"""``jobfair findings``: for a timer, every night."""

import click

from jobfair.findings.services import look
from jobfair.kit.terminal import Terminal, answer, pass_terminal


@click.command("findings")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def findings(terminal: Terminal, *, as_json: bool) -> None:
    """Look through all records by every rule; what is found stands on its office's list."""
    with terminal.database.writing() as session:
        looked = look(session)
    counts = {"new": looked.new, "fixed": looked.fixed, "standing": looked.standing}
    text = ", ".join(f"{name} {count}" for name, count in counts.items())
    answer(counts, as_json=as_json, text=text)
