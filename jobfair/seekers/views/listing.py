"""The list of seekers: search, filter, sort, pages, export."""

import io

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Column, write_template
from jobfair.kit.web import db, hide_query, show_query
from jobfair.regions import queries as regions
from jobfair.seekers import queries
from jobfair.seekers.forms import category_choices, education_choices, whole_number
from jobfair.seekers.rules.drafts import SEX_LABELS
from jobfair.seekers.rules.household import CAPACITY_WORDS, EXIT_WORDS
from jobfair.seekers.rules.reading import HEADERS
from jobfair.seekers.rules.searching import Find, understand
from jobfair.seekers.views.room import (
    STATE_LABELS,
    STATE_LOOKS,
    bp,
    education_name,
    label,
    relation_name,
)

# What the search box was understood as: what was typed itself is not repeated.
_SEARCHED = {
    Find.NAME: N_("a full name"),
    Find.INITIALS: N_("pinyin initials"),
    Find.ID_NUMBER: N_("an ID number"),
    Find.LAST4: N_("the last four of an ID number"),
    Find.PHONE: N_("a phone number"),
}
_COUNTY = 6  # digits of a county in a division code
_EXPORT_AT_MOST = 200_000
_FILTERS = ("state", "category", "education", "age_from", "age_to", "division", "sort")
_SORTS = ("-registered", "registered", "-birth", "birth", "expires", "-expires")
_HOW_TO_FILL = (
    N_("One person a line. The name and the ID number are required."),
    N_("The column of ID numbers is set to text; keep it so, or Excel loses the last digits."),
    N_("County and township by their present names; without them the ID number's county is taken."),
    N_("Several occupations, skills or places in one cell are separated by commas."),
    N_("The same file may be imported again after mending; nothing is entered twice."),
)
# Columns of the export that Excel would take for numbers.
_AS_TEXT = frozenset({2, 7, 11, 14})
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asked_filter() -> queries.SeekerFilter:
    """Return what the query string narrows the list to, within the caller's reach."""
    given = request.args
    sort = given.get("sort", _SORTS[0])
    division = given.get("division", "")
    text = show_query(given.get("find", ""))
    return queries.SeekerFilter(
        scope=who().scope(Permission.SEEKERS_READ).division,
        search=understand(text),
        division=division if division.isascii() and division.isdigit() else None,
        category=given.get("category") or None,
        education=given.get("education") or None,
        age_from=whole_number(given.get("age_from")),
        age_to=whole_number(given.get("age_to")),
        state=given.get("state") if given.get("state") in STATE_LABELS else None,
        sort=sort if sort in _SORTS else _SORTS[0],
    )


def kept_filter() -> dict[str, str]:
    """Return the filter as parameters of an address."""
    return {k: v for k in (*_FILTERS, "find") if (v := request.args.get(k))}


@bp.route("/")
@allow(Permission.SEEKERS_READ)
@counted_by(N_("Seekers"), "C1", "C9")
def people() -> str:
    """List the seekers in reach."""
    wanted = asked_filter()
    with db().reading() as session:
        total = queries.count_seekers(session, wanted)
        paging = asked_page(total)
        rows = queries.list_seekers(session, wanted, limit=paging.size, offset=paging.offset)
        duplicates = queries.count_duplicates(session, scope=wanted.scope)
        homes = {row.home_division for row in rows}
        places = regions.names_of(session, homes | {home[:_COUNTY] for home in homes})
        below = regions.list_children(session, wanted.scope or "5205")
    return render_template(
        "seekers/people.html",
        rows=rows,
        total=total,
        paging=paging,
        one_county=len(wanted.scope or "") >= _COUNTY,
        kept=kept_filter(),
        sort=wanted.sort,
        places=places,
        below=[(one.code, one.name) for one in below],
        duplicates=duplicates,
        searched_for=translate(_SEARCHED[wanted.search.by]) if wanted.search else "",
        states={code: translate(text) for code, text in STATE_LABELS.items()},
        looks=STATE_LOOKS,
        categories=category_choices(),
        educations=education_choices(),
        education_name=education_name,
        label=label,
        sexes={code: translate(text) for code, text in SEX_LABELS.items()},
    )


@bp.route("/search", methods=["POST"])
@allow(Permission.SEEKERS_READ)
def search() -> AnyResponse:
    """Take a name or number out of the form so that it never stands in a URL."""
    text = request.form.get("text", "").strip()[:60]
    kept = {k: v for k in _FILTERS if (v := request.form.get(k))}
    if text:
        kept["find"] = hide_query(text)
    return redirect(url_for("seekers.people", **kept), 303)  # type: ignore[arg-type]


def _export_columns() -> list[Column]:
    titles = (
        _("Number"),
        _("Name"),
        _("ID number"),
        _("Sex"),
        _("Age"),
        _("Education"),
        _("Household category"),
        _("Number of the household"),
        _("Relation to the head"),
        _("Ability to work"),
        _("Exit from poverty"),
        _("Day of the exit"),
        _("Home division"),
        _("Village"),
        _("Phone"),
        _("Occupations wanted"),
        _("State"),
        _("Valid until"),
    )
    return [Column(str(title), text=place in _AS_TEXT) for place, title in enumerate(titles)]


def _export_row(row: queries.SeekerRow, places: dict[str, str]) -> list[str | int]:
    return [
        row.id,
        row.name,
        row.id_number,
        translate(SEX_LABELS[row.sex]),
        row.age,
        education_name(row.education),
        label(row.household_category),
        row.household_no,
        relation_name(row.relation),
        label(row.labour_capacity),
        label(row.exit_state),
        row.exit_since or "",
        places.get(row.home_division, row.home_division),
        row.village or "",
        row.phone,
        "、".join(wish.title for wish in row.wishes),
        translate(STATE_LABELS[row.state]),
        row.expires_on.isoformat(),
    ]


@bp.route("/template.xlsx")
@allow(Permission.SEEKERS_IMPORT)
def template() -> Response:
    """Give the empty form for importing seekers, with drop-downs."""
    file = io.BytesIO()
    write_template(file, _template_columns(), [translate(text) for text in _HOW_TO_FILL])
    answer = Response(file.getvalue(), mimetype=_XLSX)
    answer.headers["Content-Disposition"] = "attachment; filename=seekers-template.xlsx"
    return answer


def _template_columns() -> list[Column]:
    """Return our own columns under the first of their known headers, in Chinese as offices do."""
    choices = {
        "sex": ("男", "女"),
        "education": ("小学", "初中", "高中", "中专", "职高", "技校", "大专", "本科", "研究生"),
        "hukou_kind": ("农业户口", "非农业户口"),
        "household_category": ("建档立卡贫困户", "脱贫户", "监测户", "一般农户"),
        "capacity": tuple(CAPACITY_WORDS.values()),
        "exit_state": tuple(EXIT_WORDS.values()),
    }
    as_text = {"id_number", "phone", "division_code", "source_ref", "household_no", "exit_since"}
    return [
        Column(headers[0], text=name in as_text, choices=choices.get(name, ()))
        for name, headers in HEADERS.items()
    ]


@bp.route("/export.<kind>")
@allow(Permission.SEEKERS_READ)
@counted_by(N_("Seekers"), "C1", "C9")
def export(kind: str) -> AnyResponse:
    """Give the filtered list as a file, masked."""
    with db().reading() as session:
        rows = queries.list_seekers(session, asked_filter(), limit=_EXPORT_AT_MOST)
        places = regions.names_of(session, {row.home_division for row in rows})
    lines = [_export_row(row, places) for row in rows]
    return download(kind, "seekers", _export_columns(), lines)
