"""What the pages of this room share."""

from flask import Blueprint

bp = Blueprint("offers", __name__)
PAGE_SIZE = 50
