"""What employers and positions refuse."""

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_


class BadCreditCode(Invalid):
    """The credit code does not check out."""

    code = "bad_credit_code"
    message = N_("The credit code is not valid. Check it against the business licence.")


class NameMissing(Invalid):
    """An employer without a name."""

    code = "name_missing"
    message = N_("Enter the employer's full name.")


class EmployerKnown(Refusal):
    """The code or the name is already registered."""

    code = "employer_known"
    message = N_(
        "This employer is already registered. "
        "Ask its administrator or the labour office for access."
    )


class CodeNeeded(Refusal):
    """Verification without a credit code."""

    code = "credit_code_needed"
    message = N_("Enter the employer's credit code before verifying it.")


class VacancyStopped(Refusal):
    """The text or a figure breaks a rule that stops publication."""

    status = 422
    code = "vacancy_stopped"
    message = N_(
        "The position cannot be published: mend the lines marked below, or save it as a draft."
    )


class WrongState(Refusal):
    """The verb does not fit where the position stands."""

    code = "wrong_state"
    message = N_("This cannot be done with a position in this state. Reload the page.")


class Closed(WrongState):
    """A closed position is edited."""

    code = "position_closed"
    message = N_("The position is closed. Reopen it before changing it.")


class ReasonNeeded(Invalid):
    """A refusal without a reason."""

    code = "reason_needed"
    message = N_("Say why, so that the employer can mend it.")
