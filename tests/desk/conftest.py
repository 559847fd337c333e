"""A desk over the half-year's office with its bulletin and one county's report drafted, and browsers that log in to it."""

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import uvicorn
from httpx import Client, Response

from flows.desk.app import create_app
from flows.desk.desk import Desk
from flows.office import Office
from flows.operations import data_folder
from flows.settings import Settings
from tests.conftest import NOW, built_once
from tests.staff import TYPED

BULLETIN = "2025-06/monthly_dispatch"
COUNTY = "2025-06/monthly_dispatch-kailu"


class Browser:
    """What a browser does: keeps the cookie, says where a form stood, and sends the mark that its page carries."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.client = Client(base_url=base, follow_redirects=True, trust_env=False, timeout=120)

    def get(self, address: str) -> Response:
        return self.client.get(address)

    def send(self, address: str, data: Mapping[str, object], **options: Any) -> Response:
        """A form of the desk's own page."""
        return self.client.post(address, data=data, headers={"Origin": self.base}, **options)

    def post(self, address: str, page: str = "/", files: Any = None, **fields: object) -> Response:
        """A form with the mark of the page that it stands on."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(page).text)
        return self.send(address, {"csrf": found[1] if found else "", **fields}, files=files)

    def log_in(self, name: str, password: str = TYPED) -> Response:
        return self.send("/login", {"name": name, "password": password})

    def finish(self, begun: Response) -> str:
        """The page of a piece of work once it is over."""
        page = begun
        while "refresh" in page.headers:
            page = self.client.get(begun.url)
        return page.text

    def decide(self, document: str, step: str, decision: str = "approved", **fields: object) -> Response:
        """Decide on a draft by the form on its own page."""
        page = f"/document?name={quote(document)}"
        found = re.search(r'name="document" value="([^"]+)"', self.get(page).text)
        named = found[1] if found else f"{document}@unknown"
        return self.post("/document/decide", page, document=named, step=step, decision=decision, **fields)


@pytest.fixture(scope="session")
def drafted(half_year: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The half-year's data folder with two drafts; never written to, only copied."""

    def build(folder: Path) -> None:
        shutil.copytree(half_year, folder)
        office = Office(Settings(data=folder), lambda: NOW)
        office.make("monthly_dispatch", "2025-06")
        office.make("monthly_dispatch", "2025-06", county="kailu")

    return built_once(tmp_path_factory, "drafted", build)


@pytest.fixture
def office(drafted: Path, tmp_path: Path) -> Settings:
    """That office in a folder of its own."""
    shutil.copytree(drafted, tmp_path / "data")
    settings = Settings(data=tmp_path / "data")
    data_folder.init(settings, NOW)
    return settings


@pytest.fixture
def desk(office: Settings) -> Desk:
    return Desk(office, lambda: NOW)


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The address of that desk at a real server on loopback."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(create_app(desk, frozenset({host})), log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://{host}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def base(desk: Desk) -> Iterator[str]:
    """Where the desk is served."""
    with served(desk) as address:
        yield address


@pytest.fixture(scope="module")
def shared_base(drafted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a desk is served for all the tests that only look at pages."""
    settings = Settings(data=Path(shutil.copytree(drafted, tmp_path_factory.mktemp("shared") / "data")))
    data_folder.init(settings, NOW)
    with served(Desk(settings, lambda: NOW)) as address:
        yield address


@pytest.fixture(scope="module")
def clerk(shared_base: str) -> Iterator[Browser]:
    """A clerk's browser there, for looking only."""
    one = Browser(shared_base)
    with one.client:
        one.log_in("经办岗")
        yield one


@pytest.fixture
def visitor(shared_base: str) -> Iterator[Browser]:
    """A browser there in which nobody has logged in."""
    one = Browser(shared_base)
    with one.client:
        yield one


@pytest.fixture
def stranger(base: str) -> Iterator[Browser]:
    """A browser in which nobody has logged in."""
    one = Browser(base)
    with one.client:
        yield one


@pytest.fixture
def browser(base: str) -> Iterator[Callable[[str], Browser]]:
    """A browser in which that account has logged in."""
    with ExitStack() as stack:

        def logged_in(name: str) -> Browser:
            one = Browser(base)
            stack.enter_context(one.client)
            one.log_in(name)
            return one

        yield logged_in
