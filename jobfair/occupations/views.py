"""Pages of aliases: what corrections propose, what is accepted, and taking it back."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.accounts.queries import recorder_names
from jobfair.kit.downloads import beijing
from jobfair.kit.i18n import Words
from jobfair.kit.lists import asked_page
from jobfair.kit.web import db
from jobfair.occupations import queries, services
from jobfair.occupations.rules import STATUS_NAMES, AliasStatus
from jobfair.regions import codes

bp = Blueprint("occupations", __name__, url_prefix="/occupations")


@bp.app_template_filter("occupation_name")
def occupation_name(code: str | None) -> str:
    """Return an occupation's name; empty for none."""
    return codes.occupation_name(code) or ""


def _asked_status() -> AliasStatus:
    asked = request.args.get("status", "")
    return AliasStatus(asked) if asked in set(AliasStatus) else AliasStatus.PROPOSED


@bp.route("/aliases")
@allow(Permission.ALIASES_REVIEW)
def aliases() -> str:
    """List what titles are said to mean, by where it stands."""
    status = _asked_status()
    with db().reading() as session:
        counts = queries.count_aliases(session)
        paging = asked_page(counts[status])
        rows = queries.list_aliases(session, status, offset=paging.offset, limit=paging.size)
        names, _offices = recorder_names(session, queries.users_of(rows), [])
    return render_template(
        "occupations/aliases.html",
        rows=rows,
        status=status.value,
        counts=counts,
        statuses=list(AliasStatus),
        status_words=Words(STATUS_NAMES),
        paging=paging,
        total=counts[status],
        names=names,
        beijing=beijing,
    )


def _decided(verb: Callable[..., None], alias_id: int, told: str, **more: Any) -> Response:
    """Carry out a decision and go back to the list it was taken in."""
    with db().writing() as session:
        verb(session, alias_id, user_id=who().user_id, **more)
    flash(told)
    return redirect(url_for("occupations.aliases", status=_asked_status()), 303)


@bp.route("/aliases/<int:alias_id>/accept", methods=["POST"])
@allow(Permission.ALIASES_REVIEW)
def accept_alias(alias_id: int) -> Response:
    """Let the title mean the proposed occupation from now on."""
    return _decided(
        services.accept_alias,
        alias_id,
        _("Accepted: the title means this occupation from now on. You can take it back."),
        instead_of=request.form.get("instead_of", type=int),
    )


@bp.route("/aliases/<int:alias_id>/reject", methods=["POST"])
@allow(Permission.ALIASES_REVIEW)
def reject_alias(alias_id: int) -> Response:
    """Set a proposal aside."""
    return _decided(
        services.reject_alias,
        alias_id,
        _("Rejected: the title is resolved as before. You can reconsider it."),
    )


@bp.route("/aliases/<int:alias_id>/take-back", methods=["POST"])
@allow(Permission.ALIASES_REVIEW)
def withdraw_alias(alias_id: int) -> Response:
    """Take an accepted alias back."""
    return _decided(
        services.withdraw_alias,
        alias_id,
        _("Taken back: the title is resolved as if it had never been accepted."),
    )


@bp.route("/aliases/<int:alias_id>/reconsider", methods=["POST"])
@allow(Permission.ALIASES_REVIEW)
def reconsider_alias(alias_id: int) -> Response:
    """Put an alias among the proposals again."""
    return _decided(services.reconsider_alias, alias_id, _("It waits for a decision again."))
