"""What the pages of this room share: the blueprint, which reports a role reads, one report."""

from typing import Any

from flask import Blueprint, request

from jobfair.accounts.access import Actor, Permission, Role, who
from jobfair.kit.errors import NotFound
from jobfair.kit.web import db, language
from jobfair.reports.forms import Asked, read_question
from jobfair.reports.queries import EXPORTED, FAIR, INTAKE, build
from jobfair.reports.rules import Report

bp = Blueprint("reports", __name__, url_prefix="/reports")

_OF_THE_PAGE = frozenset({"page", "posts-page", "posts-sort", "at"})


def open_to(actor: Actor) -> list[str]:
    """Return the reports a role reads: a school its intake, offices the rest too."""
    return [INTAKE] if actor.role is Role.REGISTRAR else [FAIR, EXPORTED, INTAKE]


def asked(code: str) -> Asked:
    """Return what this request asks of a report.

    Raises:
        NotFound: no such report for this role.
    """
    if code not in open_to(who()):
        raise NotFound
    return read_question(code, request.args, who().scope(Permission.REPORTS_READ))


def made(code: str, wanted: Asked) -> Report:
    """Return the report asked for, in the language of the page."""
    with db().reading() as session:
        return build(session, code, wanted.question, language=language())


def query() -> dict[str, Any]:
    """Return the parameters that make the report, without those of the page."""
    found: dict[str, Any] = request.args.to_dict(flat=False)
    return {name: values for name, values in found.items() if name not in _OF_THE_PAGE}
