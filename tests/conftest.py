"""What every test may ask for."""

import pytest
from tests.command_line import Ran, Run

from pellucid.cli.main import main
from pellucid.knowledge.base import Knowledge
from pellucid.knowledge.load import load


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line with the given words."""

    def run(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return run
