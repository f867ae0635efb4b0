"""Employers' duties: the list for who chases them, one duty, its answer, reminders, excuses."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.follow_ups.rules.outcomes import Way
from jobfair.fulfilment import services
from jobfair.fulfilment.forms import ExcuseForm, ReminderForm
from jobfair.fulfilment.queries import duties as queries
from jobfair.fulfilment.rules.answers import Answer, read_answer
from jobfair.fulfilment.rules.duties import SAYABLE, TERM_NAMES, DutyState, Term, Why
from jobfair.fulfilment.views.common import EXPORT_ROWS, SHOW_NAMES, bp, bring_up_to_date, shown_as
from jobfair.kit import clock
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db, language
from jobfair.placements.views.common import Page, recorder

_FIELDS = ("said", "day", "why", "signed_on", "paid")


def _wanted() -> queries.DutyFilter:
    show, term = request.args.get("show", ""), request.args.get("term", "")
    return queries.DutyFilter(
        today=clock.today(),
        organisation_id=who().scope(Permission.FULFILMENT_READ).organisation_id,
        show=queries.Show(show) if show in set(queries.Show) else None,
        term=term if term in TERM_NAMES else "",
        fair_code=request.args.get("fair", ""),
        employer_id=request.args.get("employer", type=int),
        text=request.args.get("q", "").strip(),
    )


def _in_reach(duty_id: int, permission: Permission) -> queries.DutyRow:
    """Return a duty of an employer that the user reaches.

    Raises:
        NotFound: none such, or another employer's.
    """
    with db().reading() as session:
        found = queries.find_duty(session, duty_id)
    if found is None:
        raise NotFound
    scope = who().scope(permission)
    if scope.organisation_id is not None:
        scope.must_cover(organisation_id=found.organisation_id)
    return found


@bp.route("/duties")
@allow(Permission.FULFILMENT_READ)
def duties() -> Page:
    """List what employers owe after fairs, the longest due first."""
    bring_up_to_date()
    return _list_page(ReminderForm())


def _list_page(reminder: ReminderForm) -> Page:
    wanted = _wanted()
    with db().reading() as session:
        total = queries.count_duties(session, wanted)
        paging = asked_page(total)
        rows = queries.list_duties(session, wanted, limit=paging.size, offset=paging.offset)
        fairs = queries.fairs_with_duties(session)
    page = render_template(
        "fulfilment/duties.html",
        reminder=reminder,
        ticked=request.form.getlist("duty", type=int),
        rows=rows,
        total=total,
        paging=paging,
        fairs=fairs,
        wanted=wanted,
        args=request.args,
    )
    return page, 422 if reminder.errors else 200


def _back() -> str:
    """Return the address of the list as it was filtered."""
    narrowed: dict[str, Any] = request.args.to_dict()
    return url_for("fulfilment.duties", **narrowed)


@bp.route("/duties/reminders", methods=["POST"])
@allow(Permission.FULFILMENT_CHASE)
def remind_together() -> Page:
    """Record one reminder of all duties that are ticked; those refused are named."""
    form = ReminderForm()
    chosen = request.form.getlist("duty", type=int)
    refused: dict[int, Refusal] = {}
    if not chosen:
        flash(_("Choose at least one duty."), "warning")
        return redirect(_back(), 303)

    def record(session: Session) -> None:
        refused.update(
            services.remind_together(
                session,
                chosen,
                Way(form.way.data),
                form.happened_on.data or clock.today(),
                reached=bool(form.reached.data),
                note=form.note.data or "",
                user_id=who().user_id,
            )
        )

    if not carried_out(form, record):
        return _list_page(form)
    flash(_("Reminders recorded: %(n)s", n=len(set(chosen)) - len(refused)))
    with db().reading() as session:
        for duty_id, refusal in refused.items():
            row = queries.find_duty(session, duty_id)
            if row is not None:
                why = translate(refusal.message, **refusal.params)
                flash(f"{row.employer} · {translate(TERM_NAMES[row.term])}: {why}", "warning")
    return redirect(_back(), 303)


@bp.route("/duties/export/<kind>")
@allow(Permission.FULFILMENT_READ)
def export_duties(kind: str) -> Page:
    """Download the filtered list."""
    bring_up_to_date()
    with db().reading() as session:
        rows = queries.list_duties(session, _wanted(), limit=EXPORT_ROWS)
    titles = (
        _("Employer"),
        _("Fair"),
        _("What is owed"),
        _("To be reported by"),
        _("State"),
        _("People"),
        _("People answered for"),
        _("Reminders"),
        _("Last reminded"),
        _("Reported on"),
        _("Excuse"),
    )
    cells: list[list[Cell]] = [
        [
            row.employer,
            row.fair(language()),
            translate(TERM_NAMES[row.term]),
            row.due_on.isoformat(),
            translate(SHOW_NAMES[shown_as(row)]),
            row.people,
            row.answered,
            row.reminders,
            row.reminded_on.isoformat() if row.reminded_on else "",
            row.done_on.isoformat() if row.done_on else "",
            row.excuse,
        ]
        for row in rows
    ]
    return download(kind, "employer-duties", [Column(str(title)) for title in titles], cells)


def _page(row: queries.DutyRow, reminder: ReminderForm, excuse: ExcuseForm) -> str:
    sees_people = who().may(Permission.FULFILMENT_ANSWER)
    with db().reading() as session:
        lines = queries.list_lines(session, row) if sees_people else []
        reminders = queries.list_reminders(session, row.id)
    return render_template(
        "fulfilment/duty.html",
        row=row,
        lines=lines,
        reminders=reminders,
        reminder=reminder,
        excuse=excuse,
        today=clock.today(),
    )


@bp.route("/duties/<int:employer_duty_id>")
@allow(Permission.FULFILMENT_READ)
def duty(employer_duty_id: int) -> Page:
    """Show a duty, who is still to be spoken of, and how the employer was reminded."""
    row = _in_reach(employer_duty_id, Permission.FULFILMENT_READ)
    return _page(row, ReminderForm(), ExcuseForm())


@bp.route("/duties/<int:employer_duty_id>/reminders", methods=["POST"])
@allow(Permission.FULFILMENT_CHASE)
def remind(employer_duty_id: int) -> Page:
    """Record that the employer was reminded."""
    row = _in_reach(employer_duty_id, Permission.FULFILMENT_CHASE)
    form = ReminderForm()
    if carried_out(
        form,
        lambda session: services.remind(
            session,
            row.id,
            Way(form.way.data),
            form.happened_on.data or clock.today(),
            reached=bool(form.reached.data),
            note=form.note.data or "",
            user_id=who().user_id,
        ),
    ):
        flash(_("The reminder is recorded."))
        return redirect(url_for("fulfilment.duty", employer_duty_id=row.id), 303)
    return _page(row, form, ExcuseForm()), 422


@bp.route("/duties/<int:employer_duty_id>/excuse", methods=["POST"])
@allow(Permission.FULFILMENT_CHASE)
def excuse(employer_duty_id: int) -> Page:
    """Excuse the employer, or ask again."""
    row = _in_reach(employer_duty_id, Permission.FULFILMENT_CHASE)
    form = ExcuseForm()
    if row.state == DutyState.EXCUSED:
        with db().writing() as session:
            services.take_excuse_back(session, row.id)
        flash(_("The employer is asked again."))
        return redirect(url_for("fulfilment.duty", employer_duty_id=row.id), 303)
    if carried_out(
        form,
        lambda session: services.excuse(session, row.id, form.reason.data or "", who().user_id),
    ):
        flash(_("The employer is excused."))
        return redirect(url_for("fulfilment.duty", employer_duty_id=row.id), 303)
    return _page(row, ReminderForm(), form), 422


@bp.route("/duties/<int:employer_duty_id>/answer", methods=["GET", "POST"])
@allow(Permission.FULFILMENT_ANSWER)
def answer(employer_duty_id: int) -> Page:
    """Say of each person taken at the fair what became of them; who is left empty waits."""
    row = _in_reach(employer_duty_id, Permission.FULFILMENT_ANSWER)
    with db().reading() as session:
        lines = queries.list_lines(session, row)
    asked = [line for line in lines if line.answered_on is None]
    told, faults = _read(Term(row.term), asked) if request.method == "POST" else ({}, {})
    refused = ""
    if request.method == "POST" and not faults:
        try:
            with db().writing() as session:
                left = services.answer_duty(session, row.id, told, recorder())
        except Refusal as refusal:
            refused = translate(refusal.message, **refusal.params)
        else:
            flash(
                _("Thank you. People still to be spoken of: %(n)s", n=left)
                if left
                else _("Thank you. Everything asked here is answered.")
            )
            return redirect(url_for("fulfilment.duty", employer_duty_id=row.id), 303)
    page = render_template(
        "fulfilment/answer.html",
        row=row,
        asked=asked,
        answered=len(lines) - len(asked),
        sayable=SAYABLE[row.term],
        reasons=list(Why),
        typed=request.form,
        faults=faults,
        refused=refused,
        opened=row.opened(clock.today()),
    )
    return page, 422 if faults or refused else 200


def _read(
    term: Term, asked: list[queries.LineRow]
) -> tuple[dict[int, Answer], dict[str, dict[str, str]]]:
    """Return what was said by placement, and what is wrong by the row's code and field."""
    told: dict[int, Answer] = {}
    faults: dict[str, dict[str, str]] = {}
    for line in asked:
        typed = {name: request.form.get(f"{name}-{line.key}", "") for name in _FIELDS}
        found = read_answer(term, typed, clock.today())
        if isinstance(found, Answer):
            told[line.placement_id] = found
        elif found:
            faults[line.key] = {name: translate(text) for name, text in found.items()}
    return told, faults
