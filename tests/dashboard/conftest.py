"""Qt without a display, for the tests of this folder alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from drawing import NO_WINDOWS


class _WindowModule(pytest.Module):
    """A file of tests of windows: skipped with the reason where Qt cannot be loaded."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        try:
            return super().collect()
        except self.CollectError:
            if NO_WINDOWS:
                pytest.skip(NO_WINDOWS, allow_module_level=True)
            raise


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module:
    return _WindowModule.from_parent(parent, path=module_path)


@pytest.fixture(scope="package", autouse=True)
def offscreen() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        yield


@pytest.fixture
def app(offscreen: None) -> object:
    from monitor.dashboard.app import application

    return application()
