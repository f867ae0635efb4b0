"""Choosing what a title means: five likely occupations, or a search of the classification."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, ValidationError

from jobfair.kit.forms import Form
from jobfair.kit.web import db
from jobfair.occupations import queries
from jobfair.occupations.rules import Proposal
from jobfair.regions import codes

_LIKELIEST = 5
_FOUND_AT_MOST = 20


class OccupationForm(Form):
    """Which occupation a title means."""

    code = RadioField(
        _l("What the title means"), [InputRequired(_l("Choose an occupation, or search for one"))]
    )
    seen = HiddenField()

    def __init__(self, choices: list[tuple[str, str]], title: str, now: str | None) -> None:
        self.stands = f"{now or ''} {title}".strip()
        super().__init__(data={"code": now, "seen": self.stands})
        self.code.choices = choices

    def validate_seen(self, field: HiddenField) -> None:
        """Refuse a choice that was made for another title or another occupation."""
        if field.raw_data and field.data != self.stands:
            field.data = self.stands
            raise ValidationError(
                _("The record has been changed since you opened the page. Look, then save again.")
            )


@dataclass(frozen=True, slots=True)
class Correction:
    """A title whose occupation is being corrected.

    Attributes:
        title: as the record has it.
        now: name of the occupation on record; empty for none.
        asked: the words the classification is searched for.
        form: the choices.
    """

    title: str
    now: str
    asked: str
    form: OccupationForm

    def carried_out(self, verb: Callable[[Session, str], Proposal | None]) -> str | None:
        """Run a verb with the chosen code; return what to tell, or None when nothing is done yet.

        Args:
            verb: stores the code in a writing session and says what was learnt from it; None when
                the record had it already.
        """
        if not self.form.validate_on_submit():
            return None
        chosen: str = self.form.code.data
        with db().writing() as session:
            proposal = verb(session, chosen)
        if proposal is None:
            return str(_("Nothing was changed: the occupation is this one already."))
        said = _(
            "The occupation is now %(name)s; before it was %(before)s.",
            name=codes.occupation_name(chosen) or chosen,
            before=self.now or _("none"),
        )
        return f"{said} {_learnt(proposal)}"


def _learnt(proposal: Proposal) -> str:
    match proposal:
        case Proposal.WAITS:
            told = _(
                "An administrator is asked whether this title shall always mean it; "
                "until then only this record changes."
            )
        case Proposal.REJECTED:
            told = _(
                "Only this record changes: an administrator has decided before that the title "
                "does not always mean it."
            )
        case Proposal.KNOWN:
            told = _("New records with this title get this occupation already.")
    return str(told)


def correction_of(title: str, code: str | None) -> Correction:
    """Return the choices for a title, or for the words the address asks for, likeliest first."""
    asked = request.args.get("q", "").strip()
    with db().reading() as session:
        known = queries.occupations(session)
    found = known.resolve(asked or title, top=_FOUND_AT_MOST if asked else _LIKELIEST)
    choices = [(one.code, f"{one.name} {one.code}") for one in found]
    now = codes.occupation_name(code) or ""
    return Correction(title, now, asked, OccupationForm(choices, title, code))
