"""Forms of the account pages; each gives a draft."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    PasswordField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from jobfair.accounts.passwords import LONGEST, SHORTEST
from jobfair.accounts.queries import OrganisationRow
from jobfair.accounts.rules import (
    KIND_NAMES,
    ROLE_NAMES,
    OrganisationKind,
    Role,
    normal_login,
)
from jobfair.accounts.services import OrganisationDraft, UserDraft
from jobfair.kit.forms import Form
from jobfair.kit.i18n import translate

_LOGIN = r"^[\w.@+-]{3,80}$"


def _whole_or_none(text: object) -> int | None:
    return int(str(text)) if text not in {None, "", "None"} else None


def role_choices(roles: Iterable[Role]) -> list[tuple[str, str]]:
    """Return the choices of a role field in the current language."""
    return [(role.value, translate(ROLE_NAMES[role])) for role in roles]


def kind_choices() -> list[tuple[str, str]]:
    """Return the choices of a kind field in the current language."""
    return [(kind.value, translate(name)) for kind, name in KIND_NAMES.items()]


def organisation_choices(rows: Iterable[OrganisationRow]) -> list[tuple[str, str]]:
    """Return the choices of an organisation field."""
    return [(str(row.id), row.name) for row in rows]


class SignInForm(Form):
    """Who are you?"""

    login = StringField(
        _l("Login"),
        [InputRequired(_l("Enter your login")), Length(max=80)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Enter your password"))],
        render_kw={"autocomplete": "current-password"},
    )


class _NewPassword(Form):
    new = PasswordField(
        _l("New password"),
        [
            InputRequired(_l("Enter a password")),
            Length(SHORTEST, LONGEST, _l("Enter at least 10 characters")),
        ],
        description=_l("At least 10 characters. A short sentence is easy to remember."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password again"),
        [InputRequired(_l("Enter the password again"))],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_again(self, field: Field) -> None:
        """Refuse two different passwords."""
        if field.data != self.new.data:
            raise ValidationError(_("The two passwords differ. Enter the same one twice."))


class PasswordForm(_NewPassword):
    """Change the own password."""

    present = PasswordField(
        _l("Present password"),
        [InputRequired(_l("Enter your present password"))],
        render_kw={"autocomplete": "current-password"},
    )


class _Login(Form):
    login = StringField(
        _l("Login"),
        [
            DataRequired(_l("Enter a login")),
            Regexp(_LOGIN, message=_l("Use 3 to 80 letters, digits or . _ @ + -")),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    display_name = StringField(
        _l("Name"),
        [DataRequired(_l("Enter a name")), Length(max=60)],
        render_kw={"autocomplete": "name"},
    )


class AcceptForm(_NewPassword, _Login):
    """Accept an invitation: choose a login and a password."""

    def draft(self) -> UserDraft:
        """Return what was typed; call after validation."""
        return UserDraft(
            login=normal_login(self.login.data or ""),
            display_name=self.display_name.data or "",
            password=self.new.data or "",
        )


class InvitationForm(Form):
    """Invite a colleague."""

    organisation = SelectField(_l("Organisation"), [InputRequired()], coerce=int)
    role = SelectField(_l("Role"), [InputRequired(_l("Choose a role"))])

    def chosen_role(self) -> Role:
        """Return the role; call after validation."""
        return Role(self.role.data)


class NewUserForm(_Login):
    """Make an account with a temporary password."""

    organisation = SelectField(_l("Organisation"), [InputRequired()], coerce=int)
    role = SelectField(_l("Role"), [InputRequired(_l("Choose a role"))])

    def draft(self, password: str) -> UserDraft:
        """Return what was typed, with the password made for it."""
        return UserDraft(
            login=normal_login(self.login.data or ""),
            display_name=self.display_name.data or "",
            password=password,
        )


class EditUserForm(Form):
    """Change an account's name and role."""

    display_name = StringField(_l("Name"), [DataRequired(_l("Enter a name")), Length(max=60)])
    role = SelectField(_l("Role"), [InputRequired()])


class OrganisationForm(Form):
    """An organisation and its place."""

    kind = SelectField(_l("Kind"), [InputRequired()])
    name = StringField(
        _l("Organisation name"), [DataRequired(_l("Enter the name")), Length(max=120)]
    )
    division_code = StringField(
        _l("Division code"),
        [Optional(), Regexp(r"^\d{2,12}$", message=_l("Enter 2 to 12 digits"))],
        description=_l("The office reaches the people of this division and of those below it."),
        render_kw={"inputmode": "numeric"},
    )
    parent = SelectField(_l("Office above"), coerce=_whole_or_none)
    active = BooleanField(_l("Its people may sign in"))

    def draft(self) -> OrganisationDraft:
        """Return what was typed; call after validation."""
        return OrganisationDraft(
            kind=OrganisationKind(self.kind.data),
            name=self.name.data or "",
            division_code=self.division_code.data or None,
            parent_id=self.parent.data,
            active=bool(self.active.data),
        )
