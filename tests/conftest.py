"""What tests may stand on: the original article, labelled roundups, a browser, an office; and no network."""

from __future__ import annotations

import copy
import ipaddress
import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in ("true", "1")

#: what the shell named, by variable
_GIVEN: dict[str, str] = {}

#: marker -> fixture of the same need: asking for one brings the other
NEEDS = {"article": "article", "gold": "gold", "browser": "chromium", "office": "soffice"}

#: folders whose tests run on one worker, one after the other: pages and notebooks have seconds to answer the browser,
#: and the build of the corpus tests is made once
TOGETHER = ("tests/browser/", "tests/corpus/")


# Started in the background by a shell, this process ignores Ctrl+C, and so would every program it starts
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Take what the shell named out of the environment: what is under test runs on what ships unless a test says so."""
    if config.pluginmanager.hasplugin("hypothesispytest"):
        _let_properties_take_their_time()
    if config.getoption("dist", "no") != "no":
        return  # runs no test, and its workers get its environment
    for variable in ("EXPERT_ROUNDUP_SOURCE", "EXPERT_ROUNDUP_GOLD"):
        if (path := os.environ.pop(variable, None)) is not None:
            _GIVEN[variable] = path


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test that asks for a fixture of NEEDS, so that `-m "not browser"` leaves it out."""
    for item in items:
        for marker, fixture in NEEDS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)
    if hasattr(config, "workerinput"):  # a worker of pytest-xdist hands its files out in this order
        items.sort(key=lambda item: _turn(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep what shares something costly or fragile on one worker: a file, and all of a folder of TOGETHER."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in TOGETHER if nodeid.startswith(folder)), super()._split_scope(nodeid))

    return Together(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(autouse=True)
def _needs(request: pytest.FixtureRequest) -> None:
    """Give a test that carries only the marker the fixture too, so that it skips or fails alike."""
    for marker, fixture in NEEDS.items():
        if request.node.get_closest_marker(marker):
            request.getfixturevalue(fixture)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def article() -> Path:
    """The original article: $EXPERT_ROUNDUP_SOURCE, else the copy beside the project; skips where neither is."""
    return _given("EXPERT_ROUNDUP_SOURCE", ROOT.parent / "shared/data/source_article.txt")


@pytest.fixture(scope="session")
def gold() -> Path:
    """The folder of labelled roundups: $EXPERT_ROUNDUP_GOLD, else those beside the project; skips without."""
    return _given("EXPERT_ROUNDUP_GOLD", ROOT.parent / "shared/data/dev_roundups")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the machine's Chromium (playwright: `executable_path=chromium`)."""
    return _program("chromium", "chromium-browser", "google-chrome", package="chromium")


@pytest.fixture(scope="session")
def soffice() -> str:
    """Path of the machine's LibreOffice."""
    return _program("soffice", "libreoffice", package="libreoffice-impress")


@pytest.fixture
def inputs_unchanged() -> Callable[..., Any]:
    """Return `call(function, *args, **kwargs)`: its result, after checking that no argument was changed."""
    return _call_with_inputs_unchanged


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            pytest.fail(f"a test tried to reach {address[0]}: tests use no network")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


def _let_properties_take_their_time() -> None:
    """No example has a deadline: a busy machine would miss it now and then."""
    from hypothesis import HealthCheck, settings

    usual = settings.get_profile(settings.get_current_profile_name())
    settings.register_profile("patient", usual, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")


def _turn(nodeid: str) -> int:
    """When a test's file is handed out: the longest first, so that no worker is left alone with one at the end."""
    if nodeid.startswith(TOGETHER[0]):
        return 0
    return 1 if ".ipynb" in nodeid or nodeid.startswith(TOGETHER[1:]) else 2


def _given(variable: str, default: Path) -> Path:
    if (path := _GIVEN.get(variable)) is not None:
        # somebody asked for this file: skipping quietly would say that it passed
        assert Path(path).exists(), f"${variable} names {path}, which does not exist"
        return Path(path).resolve()
    if not default.exists():
        pytest.skip(f"${variable} is not set and there is no ../{default.relative_to(ROOT.parent)}")
    return default


def _program(*names: str, package: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    reason = f"{names[0]} is not installed (Debian: apt-get install {package})"
    # CI installs it (.ci/run), so its absence there is a fault
    return pytest.fail(reason) if IN_CI else pytest.skip(reason)


def _call_with_inputs_unchanged(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    import pandas as pd

    before = copy.deepcopy((args, kwargs))
    result = function(*args, **kwargs)
    for was, now in zip((*before[0], *before[1].values()), (*args, *kwargs.values()), strict=True):
        if isinstance(was, pd.DataFrame):
            pd.testing.assert_frame_equal(was, now)
        elif isinstance(was, pd.Series):
            pd.testing.assert_series_equal(was, now)
        elif hasattr(was, "shape"):
            assert was.dtype == now.dtype
            assert (was == now).all()
        else:
            assert was == now
    return result


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in ("", "localhost")
