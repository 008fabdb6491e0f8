"""Qt without a display, for the tests of this folder alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def offscreen() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        yield


@pytest.fixture
def app(offscreen: None) -> object:
    from monitor.dashboard.app import application

    return application()
