"""Errors that mean "no": each carries a status, a code and a message that says what to do."""

from typing import ClassVar

from jobfair.kit.messages import N_


class Refusal(Exception):
    """A rule said no. Told to the user, never logged as a failure.

    Keyword arguments fill the ``%(name)s`` places of the message; they must not be personal data.
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    message: ClassVar[str] = N_("This cannot be done now.")

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class Invalid(Refusal):
    """What was sent cannot be understood or breaks a rule of its field."""

    status = 422
    code = "invalid"
    message = N_("Check what you typed and try again.")


class NotFound(Refusal):
    """There is no such record, or the caller may not know that there is."""

    status = 404
    code = "not_found"
    message = N_("There is no such record, or it belongs to another office.")


class Forbidden(Refusal):
    """The caller's role may not do this."""

    status = 403
    code = "forbidden"
    message = N_("Your role may not do this. Ask your administrator if you need it.")


class TooMany(Refusal):
    """The caller asked too often."""

    status = 429
    code = "too_many"
    message = N_("Too many attempts. Wait %(minutes)s minutes and try again.")


class BadSetting(Refusal):
    """A setting stops the start."""

    status = 500
    code = "bad_setting"
    message = N_("%(name)s: %(why)s")
