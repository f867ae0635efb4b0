"""The day on which most claims of these tests are looked at."""

import pytest

from tests.subsidies.factory import Time, stand_at


@pytest.fixture
def june(monkeypatch: pytest.MonkeyPatch) -> Time:
    """It is Monday, 2 June 2025."""
    return stand_at(monkeypatch, 2025, 6, 2)
