"""Public notices of claims, payment files, and what the bank answers."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow
from jobfair.kit import audit, clock, imports
from jobfair.kit.downloads import beijing, download
from jobfair.kit.errors import Refusal
from jobfair.kit.forms import carried_out
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.notices.holidays import is_known
from jobfair.subsidies.forms import AnnounceForm, read_filter
from jobfair.subsidies.queries import claims as queries
from jobfair.subsidies.queries.claims import ClaimFilter, PaymentLine, RunRow
from jobfair.subsidies.queries.terms import list_rules
from jobfair.subsidies.rules.claims import ClaimState
from jobfair.subsidies.services.claims import announce
from jobfair.subsidies.services.payment import (
    AMOUNT,
    NUMBER,
    RESULT,
    WHY,
    BankLine,
    business_number,
    result_spec,
    send_for_payment,
)
from jobfair.subsidies.views.common import (
    Page,
    bp,
    known_rule,
    place_names,
    recorder,
    run_in_reach,
    said,
    scope_of,
)
from jobfair.subsidies.views.listing import label

# The one-card payment file: household head, payee, whom the subsidy is for, payment, extension.
# It goes to a bank, so its heads are Chinese in every language of the pages.
COLUMNS = (
    NUMBER,
    "户主姓名",
    "户主身份证号",
    "收款人姓名",
    "收款人身份证号",
    "社保卡（银行卡）号",
    "开户行",
    "补贴对象姓名",
    "补贴对象身份证号",
    "联系电话",
    "户籍地",
    "行政村",
    "补贴项目",
    "年度",
    "补贴标准（元）",
    AMOUNT,
    RESULT,
    WHY,
)
_EXPORT_ROWS = 50_000
_AS_TEXT = frozenset({"收款人身份证号", "社保卡（银行卡）号", "补贴对象身份证号", "联系电话"})


@bp.route("/announce", methods=["GET", "POST"])
@allow(Permission.SUBSIDIES_WRITE)
def announcing() -> Page:
    """Put all applied claims of some terms on a public notice."""
    scope = scope_of(Permission.SUBSIDIES_WRITE)
    wanted = read_filter(request.values, scope)
    applied = ClaimFilter(scope, wanted.rule_id, ClaimState.APPLIED, wanted.place)
    form = AnnounceForm()
    with db().reading() as session:
        rules = list_rules(session, place=scope or "")
        rule = known_rule(session, wanted.rule_id) if wanted.rule_id else None
        ids = queries.claim_ids(session, applied) if rule else []
        rows = queries.list_claims(session, applied, limit=50) if rule else []
        counties = queries.places(session, scope)
        names = place_names(session, *counties, *(row.home_division for row in rows))
    if rule and request.method == "GET":
        form.title.data = f"{rule.terms.year}年{rule.terms.title}公示"
    published: list[int] = []

    def publish(session: Session) -> None:
        published.append(announce(session, ids, form.title.data or "", recorder()))

    if rule and carried_out(form, publish):
        flash(_("%(n)s claims are on public notice now.", n=len(ids)))
        return redirect(url_for("notices.notice", notice_id=published[0]), 303)
    page = render_template(
        "subsidies/announce.html",
        rules=[(one.id, label(one)) for one in rules],
        counties=[(code, names[code]) for code in counties],
        rule=rule,
        rows=rows,
        total=len(ids),
        names=names,
        form=form,
        args=request.values,
        holidays_known=is_known(clock.today().year),
        year=clock.today().year,
    )
    return page, 422 if form.errors else 200


@bp.route("/runs", methods=["GET", "POST"])
@allow(Permission.SUBSIDIES_PAY)
def runs() -> Page:
    """List payment files; make one of what is approved and whose notice is over."""
    scope = scope_of(Permission.SUBSIDIES_PAY)
    fault = ""
    if request.method == "POST":
        rule_id = request.form.get("rule", 0, type=int)
        try:
            with db().writing() as session:
                sent = send_for_payment(session, rule_id, recorder(), division=scope or "")
        except Refusal as refusal:
            fault = said(refusal)
        else:
            flash(_("The payment file is made."))
            for answer in sent.left_out[:1]:
                if answer.refusal:
                    flash(
                        _(
                            "%(n)s approved claims stay out. Claim %(claim)s: %(why)s",
                            n=len(sent.left_out),
                            claim=answer.claim_id,
                            why=said(answer.refusal),
                        ),
                        "warning",
                    )
            return redirect(url_for("subsidies.run", run_id=sent.run_id), 303)
    with db().reading() as session:
        total = queries.count_runs(session, scope)
        paging = asked_page(total)
        rows = queries.list_runs(session, scope, limit=paging.size, offset=paging.offset)
        rules = list_rules(session, place=scope or "")
        wanted = ClaimFilter(scope, state=ClaimState.APPROVED)
        waiting = queries.count_by_rule(session, wanted)
        names = place_names(session, *(row.division for row in rows))
    page = render_template(
        "subsidies/runs.html",
        rows=rows,
        total=total,
        paging=paging,
        names=names,
        waiting=[(one.id, label(one), waiting[one.id]) for one in rules if one.id in waiting],
        fault=fault,
    )
    return page, 422 if fault else 200


@bp.route("/runs/export/<kind>")
@allow(Permission.SUBSIDIES_PAY)
def export_runs(kind: str) -> Response:
    """Download the list of payment files."""
    with db().reading() as session:
        scope = scope_of(Permission.SUBSIDIES_PAY)
        rows = queries.list_runs(session, scope, limit=_EXPORT_ROWS)
        names = place_names(session, *(row.division for row in rows))
    titles = (
        _("File"),
        _("Subsidy"),
        _("Year"),
        _("Made"),
        _("Recorded by"),
        _("Division"),
        _("Claims"),
        _("Amount in yuan"),
        _("Paid"),
        _("Came back"),
    )
    cells: list[list[Cell]] = [
        [
            row.id,
            row.title,
            row.year,
            beijing(row.made_at),
            row.made_by,
            names[row.division],
            row.claims,
            row.total_fen / 100,
            row.paid,
            row.returned,
        ]
        for row in rows
    ]
    return download(kind, "subsidy-runs", [Column(str(title)) for title in titles], cells)


@bp.route("/runs/<int:run_id>")
@allow(Permission.SUBSIDIES_PAY)
def run(run_id: int) -> Page:
    """Show a payment file with what the bank said, masked."""
    with db().reading() as session:
        found = run_in_reach(session, run_id)
        wanted = ClaimFilter(run_id=run_id)
        totals = queries.count_claims(session, wanted)
        paging = asked_page(totals.claims)
        rows = queries.list_claims(session, wanted, limit=paging.size, offset=paging.offset)
        names = place_names(session, found.division, *(row.home_division for row in rows))
    return render_template(
        "subsidies/run.html", run=found, rows=rows, totals=totals, paging=paging, names=names
    )


@bp.route("/runs/<int:run_id>/file/<kind>")
@allow(Permission.SUBSIDIES_PAY)
def payment_file(run_id: int, kind: str) -> Response:
    """Download a payment file in clear; that it was taken is recorded."""
    with db().reading() as session:
        found = run_in_reach(session, run_id)
        lines = queries.payment_lines(session, run_id)
        names = place_names(session, *(line.home_division for line in lines))
    columns = [Column(title, text=title in _AS_TEXT) for title in COLUMNS]
    answer = download(
        kind, f"subsidy-run-{run_id}", columns, [_cells(found, line, names) for line in lines]
    )
    with db().writing() as session:
        detail = {"people": len(lines), "kind": kind, "clear": True}
        audit.record(
            session, "subsidy_run.download", subject="subsidy_run", subject_id=run_id, detail=detail
        )
    return answer


def _cells(run: RunRow, line: PaymentLine, names: dict[str, str]) -> list[Cell]:
    # Who is paid is who the subsidy is for, or their employer; heads of households are not paid.
    amount = line.amount_fen / 100
    return [
        business_number(run.id, line.claim_id),
        "",
        "",
        line.payee,
        line.payee_number,
        line.account,
        line.bank,
        line.name,
        line.id_number,
        line.phone,
        names[line.home_division],
        line.village,
        run.title,
        run.year,
        amount,
        amount,
        "",
        "",
    ]


def _import_words() -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import the bank's answer"),
        intro=_(
            "The payment file as it was sent, with the result in its last two columns: 成功 or "
            "失败, and why."
        ),
        upload="subsidies.import_results",
        preview="subsidies.import_preview",
        result="subsidies.import_result",
        errors="subsidies.import_errors",
        done="subsidies.runs",
    )


def _spec(_file_name: str) -> ImportSpec[BankLine]:
    return result_spec(recorder(), scope=scope_of(Permission.SUBSIDIES_PAY))


@bp.route("/results", methods=["GET", "POST"])
@allow(Permission.SUBSIDIES_PAY)
def import_results() -> Page:
    """Choose the bank's file."""
    return imports.upload_page(_import_words())


@bp.route("/results/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.SUBSIDIES_PAY)
def import_preview(import_id: str) -> Page:
    """Show what the file would change, then do it."""
    return imports.preview_page(import_id, _import_words(), _spec)


@bp.route("/results/<string:import_id>/result")
@allow(Permission.SUBSIDIES_PAY)
def import_result(import_id: str) -> Page:
    """Show what was done."""
    return imports.result_page(import_id, _import_words())


@bp.route("/results/<string:import_id>/errors.xlsx")
@allow(Permission.SUBSIDIES_PAY)
def import_errors(import_id: str) -> Response:
    """Give the refused rows back with their reasons."""
    return imports.errors_file(import_id)
