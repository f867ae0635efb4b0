"""A fair with an employer's booth."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from jobfair.kit.db import Database
from tests.factories import Make
from tests.interviews.booth import Fair, make_booth


@pytest.fixture
def fair(database: Database, client: FlaskClient, make: Make, request: Any) -> Fair:
    """Everything that a booth takes; the first position has as many posts as the test asks for."""
    return make_booth(database, client, make, posts=getattr(request, "param", 1))
