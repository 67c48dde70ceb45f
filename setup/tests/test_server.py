"""What counts as an answer."""

import http.server
import socket
import threading
from contextlib import closing, contextmanager

import pytest
from offices_setup import cli, odoo_source, paths, people, server
from offices_setup.commands import run
from offices_setup.console import Trouble
from offices_setup.server import Answer

LOGIN = '<form><input name="csrf_token" value="t1"/><input name="login"/></form>'
CLIENT = "<script>odoo.__session_info__ = {}</script>"


class FakeOdoo(http.server.BaseHTTPRequestHandler):
    """A login form that knows one password, and a page behind it."""

    client = CLIENT
    client_status = 200

    def answer(self, status, text="", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        if self.path == "/web/login":
            self.answer(200, LOGIN)
        elif "session=ok" in self.headers.get("Cookie", ""):
            self.answer(self.client_status, self.client)
        else:
            self.answer(303, Location="/web/login")

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if form == "login=admin&password=admin&csrf_token=t1":
            self.answer(303, Location="/odoo", Set_Cookie="session=ok; Path=/")
        else:
            self.answer(200, LOGIN)

    def log_message(self, *arguments):
        pass


@contextmanager
def listening(handler):
    fake = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=fake.serve_forever)
    thread.start()
    try:
        yield fake.server_port
    finally:
        fake.shutdown()
        thread.join()
        fake.server_close()


class Running(server.Server):
    """A server that is there already."""

    @contextmanager
    def serving(self):
        yield


def running(port):
    return Running(odoo_source.Odoo(paths.ROOT, ()), "fake", port)


def test_check_succeeds_when_both_pages_come(capsys):
    with listening(FakeOdoo) as port:
        assert run.check(running(port)) == 0
    out = capsys.readouterr().out
    assert "GET /web/login: 200" in out
    assert "GET /odoo as admin: 200" in out


@pytest.mark.parametrize(
    "fault",
    [
        {"client_status": 500},
        {"client": "<p>Something went wrong</p>"},
        {"do_POST": lambda self: self.answer(200, LOGIN)},
        {"do_GET": lambda self: self.answer(500)},
    ],
    ids=["error", "another page", "login refused", "no login page"],
)
def test_check_fails_otherwise(fault):
    handler = type("Faulty", (FakeOdoo,), fault)
    with listening(handler) as port, pytest.raises(Trouble):
        run.check(running(port))


def test_check_fails_when_nobody_answers():
    with pytest.raises(Trouble):
        run.check(running(server.free_port()))


def test_the_login_page_is_no_backend_page():
    assert not server.is_backend_page(Answer(200, "http://x/web/login", CLIENT))
    assert not server.is_backend_page(Answer(200, "http://x/odoo", LOGIN + CLIENT))
    assert server.is_backend_page(Answer(200, "http://x/odoo/apps", CLIENT))


def test_a_port_that_is_taken_is_told():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not server.is_free(port)
        odoo = server.Server(odoo_source.Odoo(paths.ROOT, ()), "fake", port)
        with pytest.raises(Trouble, match="already listens") as error:
            with odoo.serving():
                pass
    assert "--port" in error.value.remedy


def test_an_odoo_that_ends_at_once_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "LOGS", tmp_path)
    odoo = server.Server(odoo_source.Odoo(tmp_path, ()), "fake", server.free_port())
    with pytest.raises(Trouble, match="Odoo ended") as error:
        with odoo.serving():
            pass
    assert "No module named odoo" in str(error.value)


def test_the_introduction_names_everybody():
    text = people.introduction(f"http://127.0.0.1:{cli.PORT}")
    assert "http://127.0.0.1:8069" in text
    assert len(people.PEOPLE) == 13
    assert people.PEOPLE[-1].login == "admin"
    for person in people.PEOPLE:
        assert person.login in text
        assert person.first in text
