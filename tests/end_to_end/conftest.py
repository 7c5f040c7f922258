"""One demo for all the tests here that do not break it."""

from collections.abc import Iterator

import pytest
from demo_kit import Demo, running_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo"), "--cases", "300") as demo:
        yield demo
