"""Pages: signing in, the own account, users, invitations, organisations."""

from jobfair.accounts.views import adding, organisations, signing_in, users
from jobfair.accounts.views.common import bp

__all__ = ["adding", "bp", "organisations", "signing_in", "users"]
