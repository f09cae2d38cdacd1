"""A browser that watches what a page asks for and complains of, and a JupyterLab of its own for it to drive.

Ask for `page` alone to look at a file, for `page` and `lab` to drive notebooks. Whatever the test does, it fails when
the page asks for anything outside this machine or writes an error on its console.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
PATIENCE = 120  # seconds that a notebook may take

_CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no name leads outside
)  # fmt: skip
_JUPYTER_FOLDERS = (
    "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_WORKSPACES_DIR",
    "JUPYTERLAB_SETTINGS_DIR", "IPYTHONDIR",
)  # fmt: skip
#: what a click in the file browser and the menu "Close and Shut Down Notebook" do, without their dialogs
_OPEN = "async path => { await window.jupyterapp.commands.execute('docmanager:open', { path }); }"
_SHUT = """async () => {
    await window.jupyterapp.serviceManager.sessions.shutdownAll();
    window.jupyterapp.shell.currentWidget.dispose();
}"""
_NEWS = "@jupyterlab/apputils-extension/notification.jupyterlab-settings"


@dataclass
class Watch:
    """What pages have asked for and said.

    Attributes
    ----------
    outside
        Addresses outside this machine; no name of a host is resolved.
    errors
        Errors on the console and exceptions that nobody caught.
    silenced
        Patterns of errors that a test expects.
    """

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    silenced: list[re.Pattern[str]] = field(default_factory=list)

    def address(self, url: str) -> None:
        """Note an address that is not on this machine."""
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("file", "data", "blob", "about") and parts.hostname not in ("127.0.0.1", "localhost"):
            self.outside.append(url)

    def console(self, message: ConsoleMessage) -> None:
        """Note an error, with the address it is about."""
        if message.type == "error":
            self.errors.append(f"{message.text} {message.location.get('url', '')}")

    def check(self) -> None:
        """Fail when a page asked for something outside or wrote an error that is not silenced."""
        assert not self.outside, f"the page asked for {self.outside}"
        errors = [error for error in self.errors if not any(known.search(error) for known in self.silenced)]
        assert not errors, "\n".join(errors)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """The machine's Chromium, one for each module: its event loop must be gone before other tests start theirs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=_CHROMIUM)
        yield started
        started.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the test's pages ask for and say; checked when the test is over."""
    watch = Watch()
    yield watch
    watch.check()


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A fresh page of 1280 x 900 dots, watched; `page.set_viewport_size` makes it a phone's."""
    with watched_page(browser, watch) as page:
        yield page


@contextmanager
def watched_page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """Yield a page of which `watch` notes what it asks for and says."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    context.on("request", lambda request: watch.address(request.url))
    context.on("page", lambda page: page.on("websocket", lambda opened: watch.address(opened.url)))
    context.on("console", watch.console)
    context.on("weberror", lambda error: watch.errors.append(str(error.error)))
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def desk(browser: Browser, lab: Lab) -> Iterator[Desk]:
    """One page of JupyterLab for a module's notebooks: loading it takes longer than many a notebook."""
    watch = Watch()
    with watched_page(browser, watch) as page:
        page.goto(f"{lab.url}/lab?reset")
        page.get_by_role("menuitem", name="Run", exact=True).wait_for()
        yield Desk(page, watch, lab)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab.

    Attributes
    ----------
    url
        Where it answers.
    root
        Its folder: a copy of the notebooks, free to be changed.
    """

    url: str
    root: Path

    def open(self, page: Page, name: str, *, patience: float = PATIENCE) -> None:
        """Open a notebook and wait until its kernel is there: a Run before that runs nothing."""
        page.goto(f"{self.url}/lab/tree/{urllib.parse.quote(name)}?reset")
        self.wait_for_kernel(page, name, patience=patience)
        page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell").first.wait_for()

    def wait_for_kernel(self, page: Page, name: str, *, patience: float = PATIENCE) -> None:
        """Wait until the notebook's kernel is idle and a page is connected to it; the toolbar says so too early."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for kernel in [each["kernel"] for each in self.ask("/api/sessions") if each["path"] == name]:
                if kernel["execution_state"] == "idle" and kernel["connections"] >= 1:
                    return
            page.wait_for_timeout(100)
        pytest.fail(f"the kernel of {name} was not ready within {patience} s")

    def choose(self, page: Page, *path: str) -> None:
        """Choose an item of the menus: ``choose(page, "Run", "Run All Cells")``."""
        page.get_by_role("menuitem", name=path[0], exact=True).click()
        for item in path[1:]:
            page.locator(".lm-Menu").get_by_role("menuitem", name=item).first.click()

    def run_all(self, page: Page, *, patience: float = PATIENCE) -> None:
        """Run every cell and wait until the last is done."""
        self.choose(page, "Run", "Run All Cells")
        panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        prompts = panel.locator(".jp-CodeCell .jp-InputArea-prompt")
        waiting = prompts.filter(has_text=re.compile(r"\[[ *]\]"))
        deadline = time.monotonic() + patience
        while waiting.count() or self._indicator(panel) != "idle":
            if time.monotonic() > deadline:
                pytest.fail(f"still running after {patience} s: {prompts.all_inner_texts()}")
            if panel.locator('[data-mime-type="application/vnd.jupyter.error"], .jp-mod-error').count():
                break
            page.wait_for_timeout(100)

    @staticmethod
    def _indicator(panel: Any) -> str | None:
        indicator = panel.locator(".jp-Notebook-ExecutionIndicator")
        return indicator.first.get_attribute("data-status") if indicator.count() else "idle"

    def restart(self, page: Page, name: str) -> None:
        """Restart the kernel, as a reader would from the menu, and wait until it is there again."""
        self.choose(page, "Kernel", "Restart Kernel…")
        page.get_by_role("dialog").get_by_role("button", name=re.compile("Restart")).click()
        page.wait_for_timeout(500)
        self.wait_for_kernel(page, name)

    def save(self, page: Page, name: str) -> dict[str, Any]:
        """Save the notebook from the page and return what the server then has, as a notebook's dictionary."""
        before = self.ask(f"/api/contents/{urllib.parse.quote(name)}?content=0")["last_modified"]
        page.keyboard.press("Control+s")
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            if self.ask(f"/api/contents/{urllib.parse.quote(name)}?content=0")["last_modified"] != before:
                saved: dict[str, Any] = self.ask(f"/api/contents/{urllib.parse.quote(name)}")["content"]
                return saved
            page.wait_for_timeout(100)
        return pytest.fail(f"{name} was not saved within 15 s")

    def ask(self, path: str) -> Any:
        """Return what the server answers to a GET."""
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.load(answer)


@dataclass(frozen=True)
class Desk:
    """A page of JupyterLab on which one notebook after the other is opened."""

    page: Page
    watch: Watch
    lab: Lab

    @contextmanager
    def opened(self, name: str) -> Iterator[Page]:
        """Open a notebook; afterwards shut it down and check what the page asked for and said."""
        self.page.evaluate(_OPEN, name)
        try:
            self.lab.wait_for_kernel(self.page, name)
            yield self.page
        finally:
            self.page.evaluate(_SHUT)
        self.watch.check()


@pytest.fixture(scope="module")
def lab(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab with nothing of the user's own, over a copy of the notebooks."""
    own, root = tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("lab")
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(notebook, root)
    news = own / "jupyterlab_settings_dir" / _NEWS
    news.parent.mkdir(parents=True)
    news.write_text('{"fetchNews":"false","checkForUpdates":false}', encoding="utf-8")
    log = (own / "log.txt").open("wb")
    url = f"http://127.0.0.1:{_free_port()}"
    server = subprocess.Popen(
        _command(url, root), cwd=root, stdout=log, stderr=log, start_new_session=True,
        env={**os.environ, **{name: str(own / name.lower()) for name in _JUPYTER_FOLDERS}},
    )  # fmt: skip
    try:
        _wait_for(f"{url}/api/status", server, own / "log.txt")
        yield Lab(url, root)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def _command(url: str, root: Path) -> list[str]:
    port = url.rpartition(":")[2]
    return [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password=",
        f"--ServerApp.root_dir={root}", "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.expose_app_in_browser=True",
        "--allow-root",
    ]  # fmt: skip


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"JupyterLab did not start:\n{log.read_text('utf-8', errors='replace')[-2000:]}")
