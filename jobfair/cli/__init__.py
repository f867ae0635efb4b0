"""The command line: a table of names, so that ``jobfair --help`` imports nothing heavy."""

import importlib
import os
import sys

import click

# command → (module, attribute, what it does)
COMMANDS = {
    "allocate": ("jobfair.allocations.cli", "allocate", "Plan who gets which post of a fair."),
    "audit": ("jobfair.cli.system", "audit_group", "Check the audit chain."),
    "bench": ("jobfair.cli.bench", "bench", "Measure speed beside the plain ways."),
    "db": ("jobfair.cli.system", "db_group", "Create, upgrade and check the tables."),
    "demo": ("jobfair.cli.demo", "demo", "Load a demonstration fair, rank it and serve it."),
    "doctor": ("jobfair.cli.doctor", "doctor", "Name what is unsafe here and how to mend it."),
    "findings": ("jobfair.findings.cli", "findings", "Look for doubtful records."),
    "follow-ups": ("jobfair.follow_ups.cli", "follow_ups", "Make what has become due."),
    "hall": ("jobfair.cli.uplink", "hall_group", "Run a fair's day on this laptop."),
    "import": ("jobfair.cli.importing", "import_group", "Take in positions, seekers, ledgers."),
    "match": ("jobfair.fairs.cli", "match", "Rank every position of a fair."),
    "occupation": ("jobfair.occupations.cli", "occupation_group", "Find what work a title means."),
    "rank": ("jobfair.matching.cli", "rank", "Rank candidates or positions."),
    "report": ("jobfair.reports.cli", "report", "Print or export a report."),
    "routes": ("jobfair.cli.system", "routes", "List every page with who may open it."),
    "serve": ("jobfair.cli.serve", "serve", "Serve this home."),
    "simulate": ("jobfair.cli.simulate", "simulate", "Live a day and compare with own books."),
    "subsidies": ("jobfair.subsidies.cli", "subsidies", "Open the claims that are due."),
    "users": ("jobfair.accounts.cli", "users", "Add people and reset their passwords."),
    "why": ("jobfair.matching.cli", "why", "Explain one seeker and one position."),
}


class _Lazy(click.Group):
    """Knows its commands by name and loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _about = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][2]) for name in self.list_commands(ctx)])


@click.group(cls=_Lazy)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of messages.")
@click.version_option(package_name="jobfair")
@click.pass_context
def _group(ctx: click.Context, lang: str | None) -> None:
    """劳务对接与招聘会平台. Labour matching, job fairs and what comes after."""
    terminal = importlib.import_module("jobfair.kit.terminal")
    ctx.obj = terminal.Terminal(lang or terminal.system_language())
    ctx.with_resource(ctx.obj.speaking())
    ctx.with_resource(terminal.refusals())


def main() -> None:
    """Run a command; a wrong setting is one sentence and exit status 1."""
    config = importlib.import_module("jobfair.config")
    try:
        _group(prog_name="jobfair")
    except config.SettingError as fault:
        click.echo(str(fault), err=True)
        sys.exit(1)
    except BrokenPipeError:  # the reader (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
