"""The review list: records that may be one person are kept apart, merged, or made two again."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.web import db
from jobfair.regions import queries as regions
from jobfair.seekers import queries, services
from jobfair.seekers.rules.drafts import SEX_LABELS
from jobfair.seekers.views.room import bp, education_name, label, yuan


def _pair(session: Session, duplicate_id: int) -> queries.DuplicateRow:
    """Return a pair of which both records are in reach."""
    found = queries.find_duplicate(session, duplicate_id)
    if found is None:
        raise NotFound
    scope = who().scope(Permission.SEEKERS_MERGE)
    for person in (found.a, found.b):
        scope.must_cover(division=person.home_division)
    return found


@bp.route("/duplicates")
@allow(Permission.SEEKERS_MERGE)
def duplicates() -> str:
    """List the pairs to look at, and the merges that can be undone."""
    scope = who().scope(Permission.SEEKERS_MERGE).division
    with db().reading() as session:
        total = queries.count_duplicates(session, scope=scope)
        paging = asked_page(total)
        rows = queries.list_duplicates(
            session, scope=scope, limit=paging.size, offset=paging.offset
        )
        merges = queries.list_merges(session, scope=scope)
    return render_template(
        "seekers/duplicates.html",
        rows=rows,
        total=total,
        paging=paging,
        merges=merges,
    )


@bp.route("/duplicates/<int:duplicate_id>")
@allow(Permission.SEEKERS_MERGE)
def duplicate(duplicate_id: int) -> str:
    """Show two records side by side."""
    with db().reading() as session:
        pair = _pair(session, duplicate_id)
        both = [queries.find_seeker(session, person.id) for person in (pair.a, pair.b)]
        codes = {found.row.home_division for found in both if found}
        places = regions.names_of(session, codes)
    return render_template(
        "seekers/duplicate.html",
        pair=pair,
        both=[found for found in both if found],
        places=places,
        education_name=education_name,
        label=label,
        yuan=yuan,
        sexes={code: translate(text) for code, text in SEX_LABELS.items()},
    )


@bp.route("/duplicates/<int:duplicate_id>/keep-apart", methods=["POST"])
@allow(Permission.SEEKERS_MERGE)
def keep_apart(duplicate_id: int) -> Response:
    """Say that they are two people."""
    with db().writing() as session:
        _pair(session, duplicate_id)
        services.keep_apart(session, duplicate_id, user_id=who().user_id)
    flash(_("The two records are kept apart."))
    return redirect(url_for("seekers.duplicates"), 303)


@bp.route("/duplicates/<int:duplicate_id>/merge", methods=["POST"])
@allow(Permission.SEEKERS_MERGE)
def merge(duplicate_id: int) -> Response:
    """Say that they are one person; the chosen record is kept."""
    with db().writing() as session:
        pair = _pair(session, duplicate_id)
        ids = (pair.a.id, pair.b.id)
        kept = ids[1] if request.form.get("keep") == str(ids[1]) else ids[0]
        merged = ids[0] if kept == ids[1] else ids[1]
        services.merge_seekers(session, kept_id=kept, merged_id=merged, user_id=who().user_id)
    flash(_("The two records are one now. It can be undone from the list of merges."))
    return redirect(url_for("seekers.seeker", seeker_id=kept), 303)


@bp.route("/merges/<int:merge_id>/undo", methods=["POST"])
@allow(Permission.SEEKERS_MERGE)
def undo_merge(merge_id: int) -> Response:
    """Make two records of one again."""
    with db().writing() as session:
        found = queries.list_merges(session, merge_id=merge_id)
        if not found:
            raise NotFound
        scope = who().scope(Permission.SEEKERS_MERGE)
        for person in (found[0].kept, found[0].merged):
            scope.must_cover(division=person.home_division)
        services.unmerge(session, merge_id, user_id=who().user_id)
    flash(_("The merge is undone; both records are as they were."))
    return redirect(url_for("seekers.duplicates"), 303)
