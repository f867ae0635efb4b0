"""What the pages of this room share: the blueprint, paging, words beside a field."""

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field

from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import translate

bp = Blueprint("accounts", __name__)

Page = str | tuple[str, int] | BaseResponse

MOST_EXPORTED = 100_000


def tell(field: Field, refusal: Refusal) -> None:
    """Show a refusal beside a field."""
    field.errors = [*field.errors, translate(refusal.message, **refusal.params)]


def kept(*names: str) -> dict[str, str]:
    """Return what the list shown now is filtered by, for the address of its file."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def state_word(*, active: bool) -> str:
    """Return the word for an open or a closed account or organisation."""
    return str(_("Active") if active else _("Deactivated"))
