"""Forms of agents."""

import re

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from jobfair.agents.queries import AgentFilter, AgentRow
from jobfair.agents.rules import KIND_NAMES, AgentDraft, AgentKind
from jobfair.kit.forms import DayField, Form, choices
from jobfair.kit.i18n import N_, translate

_PHONE = re.compile(r"1\d{10}|0\d{9,11}")


class AgentForm(Form):
    """An agent."""

    name = StringField(
        _l("Name of the agent"), [DataRequired(_l("Enter the name")), Length(max=100)]
    )
    kind = SelectField(_l("Kind of agent"), [InputRequired(_l("Choose one"))])
    licence = StringField(_l("Number of the licence"), [Optional(), Length(max=60)])
    licence_until = DayField(_l("Licence valid until"), [Optional()])
    contact_name = StringField(_l("Contact person"), [Optional(), Length(max=50)])
    contact_phone = StringField(_l("Telephone"), [Optional(), Length(max=20)])

    def __init__(self, agent: AgentRow | None = None) -> None:
        known = ("name", "kind", "licence", "licence_until")
        super().__init__(data={name: getattr(agent, name) for name in known} if agent else None)
        self.kind.choices = choices(KIND_NAMES)
        if agent:
            for name in ("contact_name", "contact_phone"):
                self[name].description = _l(
                    "On record: %(masked)s. Left empty, it stays.",
                    masked=getattr(agent, name) or "–",
                )

    def validate_contact_phone(self, field: Field) -> None:
        """Say what a telephone number looks like."""
        if not _PHONE.fullmatch("".join((field.data or "").split()).replace("-", "")):
            raise ValidationError(translate(N_("Enter a telephone number with all its digits.")))

    def draft(self) -> AgentDraft:
        """Return what was typed; call after validation.

        Raises:
            LicenceMissing: an agency without a licence.
        """
        return AgentDraft(
            (self.name.data or "").strip(),
            AgentKind(self.kind.data),
            (self.licence.data or "").strip(),
            self.licence_until.data,
            (self.contact_name.data or "").strip(),
            "".join((self.contact_phone.data or "").split()).replace("-", ""),
        )


class ArrangeForm(Form):
    """Which agent arranged a placement."""

    agent = SelectField(_l("Agent"), default="")
    evidence = StringField(
        _l("What says so"),
        [Optional(), Length(max=200)],
        description=_l("For example the list of the agent and its day; no names, no phone numbers"),
    )


def read_filter(args: MultiDict[str, str], *, scope: str | None) -> AgentFilter:
    """Return the filter of a query string; what is not understood is no limit."""
    kind = args.get("kind_of", "")
    return AgentFilter(
        scope,
        kind if kind in set(AgentKind) else "",
        args.get("text", "").strip()[:100],
        args.get("standing", "") == "active",
    )
