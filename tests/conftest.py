"""What every test may ask for."""

import pytest

from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load()
