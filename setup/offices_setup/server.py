"""Odoo's server as a child process, and what it answers."""

from __future__ import annotations

import contextlib
import http.cookiejar
import logging
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from . import console, database, paths, process
from .console import Trouble, step
from .odoo_source import Odoo

_logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
READY_SECONDS = 180
CSRF = re.compile(r'name="csrf_token"\s+value="([^"]+)"')


class Answer(NamedTuple):
    """What a page gave."""

    status: int
    url: str
    text: str


def is_free(port: int) -> bool:
    """Say whether nothing listens on a port.

    :param port: the port on 127.0.0.1
    :return: True if a server can be started there
    """
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Find a port that nothing listens on.

    :return: the port
    """
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Visitor:
    """A person with a browser's cookies.

    :param address: where Odoo is served
    """

    def __init__(self, address: str) -> None:
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        # a proxy of the machine has nothing to do with a server on this machine
        no_proxy = urllib.request.ProxyHandler({})
        self.opener = urllib.request.build_opener(cookies, no_proxy)

    def get(self, path: str, form: dict[str, str] | None = None) -> Answer:
        """Ask for a page.

        :param path: the page
        :param form: the fields to post, if any
        :return: the answer; status 0 when there was none
        """
        data = urllib.parse.urlencode(form).encode() if form else None
        url = self.address + path
        try:
            with self.opener.open(url, data, timeout=60) as response:
                text = response.read().decode("utf-8", "replace")
                return Answer(response.status, response.geturl(), text)
        except urllib.error.HTTPError as error:
            return Answer(error.code, url, error.read().decode("utf-8", "replace"))
        except OSError as error:
            return Answer(0, url, str(error))

    def log_in(self, login: str, password: str) -> Answer:
        """Fill in the login form, with the token that it carries.

        :param login: who
        :param password: the password
        :return: the page that follows
        """
        token = CSRF.search(self.get("/web/login").text)
        form = {"login": login, "password": password}
        form["csrf_token"] = token[1] if token else ""
        return self.get("/web/login", form)


def is_login_page(answer: Answer) -> bool:
    """Say whether an answer is Odoo's login page.

    :param answer: what a page gave
    :return: True if it is
    """
    return answer.status == 200 and CSRF.search(answer.text) is not None


def is_backend_page(answer: Answer) -> bool:
    """Say whether an answer is the web client of somebody who is logged in.

    :param answer: what a page gave
    :return: True if it is; the login page that a stranger is sent to is not
    """
    path = urllib.parse.urlsplit(answer.url).path
    return (
        answer.status == 200
        and path.startswith("/odoo")
        and "odoo.__session_info__" in answer.text
        and 'name="login"' not in answer.text
    )


class Server:
    """Odoo, serving one database.

    :param odoo: the copy of Odoo
    :param name: the database
    :param port: the port on 127.0.0.1
    """

    def __init__(self, odoo: Odoo, name: str, port: int) -> None:
        self.odoo = odoo
        self.name = name
        self.port = port
        self.address = f"http://{HOST}:{port}"
        self.log = paths.LOGS / f"{name}-server-{port}.log"
        self.child: subprocess.Popen | None = None

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Serve for the length of a block.

        :raise Trouble: if the port is taken or Odoo does not start
        """
        if not is_free(self.port):
            raise Trouble(
                f"Something already listens on {HOST}:{self.port}.",
                f"stop it, or choose another port: --port {free_port()}",
            )
        try:
            with step("Start Odoo"):
                self._start()
                self._wait_until_ready()
            yield
        finally:
            if self.child:
                with console.undisturbed():
                    process.stop_group(self.child)

    def _start(self) -> None:
        command = database.odoo_command(
            self.odoo,
            self.name,
            *("--http-interface", HOST, "--http-port", str(self.port)),
            # one process with threads: enough for a person, and quick to start
            *("--workers", "0", "--db-filter", f"^{re.escape(self.name)}$"),
        )
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                command,
                cwd=paths.ROOT,
                env=process.environment(database.odoo_environment(self.odoo)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # a Ctrl-C reaches this process alone, which stops Odoo in order
                start_new_session=True,
                preexec_fn=process.die_with_parent,
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        visitor = Visitor(self.address)
        answer = visitor.get("/web/login")
        # a page that answers with an error will go on doing so
        while answer.status == 0:
            self._refuse_ended()
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)
            answer = visitor.get("/web/login")
        if not is_login_page(answer):
            raise Trouble(
                f"Odoo's login page answered with status {answer.status}:\n"
                f"{process.last_lines(self.log)}",
                f"see {self.log}",
            )

    def _refuse_ended(self) -> None:
        assert self.child is not None
        status = self.child.poll()
        if status is not None:
            raise Trouble(
                f"Odoo ended (status {status}):\n{process.last_lines(self.log)}",
                f"see {self.log}",
            )

    def wait(self) -> None:
        """Wait until Odoo ends.

        :raise Trouble: when it ends, since nobody asked it to
        """
        assert self.child is not None
        self.child.wait()
        self._refuse_ended()
