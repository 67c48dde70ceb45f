"""Which server is used, and that the embedded one survives what befalls it."""

import os
import signal
import subprocess
import sys

import psutil
import psycopg2
import pytest
from offices_setup import postgres
from offices_setup.console import Trouble


@pytest.fixture
def conf(tmp_path):
    file = tmp_path / "odoo.conf"
    file.write_text("[options]\n; db_host = commented\nlist_db = False\n")
    return file


def test_nothing_named_means_embedded(conf, tmp_path):
    assert postgres.named_server({}, conf) is None
    assert postgres.named_server({}, tmp_path / "missing") is None
    conf.write_text("[options]\ndb_host = False\ndb_user = odoo\n")
    assert postgres.named_server({}, conf) is None


def test_the_shipped_configuration_names_no_server():
    assert postgres.named_server({}) is None


def test_pghost_comes_first(conf):
    conf.write_text("[options]\ndb_host = other\n")
    environment = {"PGHOST": "here", "DATABASE_URL": "postgresql://there/x"}
    assert postgres.named_server(environment, conf) == {}


def test_configuration(conf):
    conf.write_text("[options]\ndb_host = db\ndb_port = 5433\ndb_password = a%b\n")
    assert postgres.named_server({}, conf) == {
        "PGHOST": "db",
        "PGPORT": "5433",
        "PGPASSWORD": "a%b",
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://me:p%40ss@db.example:5433/x?sslmode=require",
            {
                "PGHOST": "db.example",
                "PGPORT": "5433",
                "PGUSER": "me",
                "PGPASSWORD": "p@ss",
                "PGSSLMODE": "require",
            },
        ),
        ("postgres://db.example", {"PGHOST": "db.example"}),
        ("postgresql:///x?host=/run/pg", {"PGHOST": "/run/pg"}),
        ("postgresql:///x", {"PGHOST": "localhost"}),
    ],
)
def test_database_url(url, expected):
    assert postgres.from_url(url) == expected


def test_another_database_is_refused():
    with pytest.raises(Trouble, match="DATABASE_URL"):
        postgres.named_server({"DATABASE_URL": "mysql://db/x"})


def test_a_long_path_gets_a_short_socket(tmp_path):
    short = postgres.Path("/srv/checkout/.postgres/socket")
    assert postgres.socket_directory(short) == short
    deep = tmp_path.joinpath(*["folder-with-a-long-name"] * 5)
    first = postgres.socket_directory(deep)
    assert first != deep
    assert len(f"{first}/.s.PGSQL.5432") <= postgres.LONGEST_SOCKET_PATH
    assert first == postgres.socket_directory(deep)
    assert first != postgres.socket_directory(deep / "other")
    assert postgres.socket_directory(postgres.Path("/a,b'c")) != "/a,b'c"


# -- with a real server --


@pytest.fixture
def home(tmp_path_factory, monkeypatch):
    # root's server runs as somebody else, who cannot enter pytest's private folders
    monkeypatch.delenv("PGHOST", raising=False)
    folder = postgres.Path(
        subprocess.check_output(["mktemp", "-d", "/tmp/pg-XXXXXX"], text=True).strip()
    )
    folder.chmod(0o755)
    yield folder
    cluster = postgres.Cluster(folder)
    cluster.stop()
    subprocess.run(["rm", "-rf", folder, cluster.socket], check=True)


def ask(cluster, query="SELECT 1"):
    connection = psycopg2.connect(
        host=str(cluster.socket), port=5432, user="odoo", dbname="postgres"
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_the_server_stops_and_starts_again(home):
    cluster = postgres.Cluster(home)
    with cluster.in_use():
        ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert ask(cluster, "SHOW server_encoding") == "UTF8"
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert ask(cluster, "SELECT lower('ÅÑ')") == "åñ"
    assert cluster.postmaster() is None
    with pytest.raises(psycopg2.OperationalError):
        ask(cluster)
    with postgres.Cluster(home).in_use():
        assert ask(cluster, "SELECT answer FROM kept") == 42


def test_nobody_else_reaches_the_socket(home):
    cluster = postgres.Cluster(home)
    with cluster.in_use():
        assert cluster.socket.stat().st_mode & 0o077 == 0
        assert cluster.data.stat().st_mode & 0o077 == 0


def test_the_last_of_two_commands_stops_it(home):
    one, two = postgres.Cluster(home), postgres.Cluster(home)
    with one.in_use():
        with two.in_use():
            assert one.postmaster() == two.postmaster()
        assert ask(one) == 1
    assert one.postmaster() is None


def test_kill_9_of_the_server(home):
    cluster = postgres.Cluster(home)
    with cluster.in_use():
        killed = cluster.postmaster()
        killed.kill()
        psutil.wait_procs([killed], 10)
        assert (cluster.data / "postmaster.pid").exists()
    with cluster.in_use():
        assert ask(cluster) == 1
        assert cluster.postmaster() != killed


def test_kill_9_of_the_command(home):
    code = (
        "import sys, pathlib, time; from offices_setup import postgres\n"
        "with postgres.Cluster(pathlib.Path(sys.argv[1])).in_use():\n"
        "    print('up', flush=True); time.sleep(300)"
    )
    setup = os.path.dirname(os.path.dirname(postgres.__file__))
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(home)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": setup},
    )
    with child.stdout as output:
        assert output.readline() == b"up\n"
        child.send_signal(signal.SIGKILL)
        child.wait()
    cluster = postgres.Cluster(home)
    orphan = cluster.postmaster()
    assert orphan is not None
    with cluster.in_use():
        assert cluster.postmaster() == orphan
        assert ask(cluster) == 1
    assert cluster.postmaster() is None


def test_a_stale_lock_whose_number_another_program_has(home):
    cluster = postgres.Cluster(home)
    with cluster.in_use():
        content = (cluster.data / "postmaster.pid").read_text().splitlines()
    # this very process has nothing to do with the server
    content[0] = str(os.getpid())
    text = "\n".join(content) + "\n"
    (cluster.data / "postmaster.pid").write_text(text)
    (cluster.socket / ".s.PGSQL.5432.lock").write_text(text)
    assert cluster.postmaster() is None
    with cluster.in_use():
        assert ask(cluster) == 1


def test_an_interrupted_making_begins_anew(home):
    (home / "data.new").mkdir()
    (home / "data.new" / "half").touch()
    cluster = postgres.Cluster(home)
    with cluster.in_use():
        assert ask(cluster) == 1
    assert not (home / "data.new").exists()


def test_a_server_that_does_not_start_is_told(home):
    cluster = postgres.Cluster(home)
    with cluster.in_use():
        pass
    with (cluster.data / "postgresql.conf").open("a") as conf:
        conf.write("nonsense = 1\n")
    with pytest.raises(Trouble, match="nonsense"), cluster.in_use():
        pass


def test_a_named_server_that_is_down_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PGHOST", str(tmp_path))
    with pytest.raises(Trouble, match="does not answer"), postgres.running():
        pass
