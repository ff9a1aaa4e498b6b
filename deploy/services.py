"""Runs a command with a PostgreSQL and a Redis of its own: `python deploy/services.py -- COMMAND …`.

DATABASE_URL and REDIS_URL are taken from the environment if they are set; else from servers that answer on
this machine; else from installed programs, started in a temporary folder. What was made is removed again.
"""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis
from packages import install
from psycopg import sql

NAME = f"hamrah_test_{os.getpid()}"
# Each names its user: an address without one, postgresql:///name, loses its slashes when it is taken apart.
ME = getpass.getuser()
LOCAL_POSTGRESQL = [
    f"postgresql://{ME}@/{{}}",
    f"postgresql://{ME}@/{{}}?host=/var/run/postgresql",
    f"postgresql://{ME}@127.0.0.1:5432/{{}}",
    "postgresql://postgres@127.0.0.1:5432/{}",
]
LOCAL_REDIS = "redis://127.0.0.1:6379"


class Missing(Exception):
    """A server neither answers nor can be started."""


@contextmanager
def database() -> Iterator[str]:
    """The address of a PostgreSQL database that nobody else uses."""
    if named := os.environ.get("DATABASE_URL"):
        yield named
        return
    with ExitStack() as later:
        server = next(filter(_may_create, LOCAL_POSTGRESQL), None) or later.enter_context(own_postgresql())
        create = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(NAME))
        with _maintain(server) as connection:
            connection.execute(create)
        later.callback(_drop, server)
        yield server.format(NAME)


def _maintain(server: str) -> psycopg.Connection:
    return psycopg.connect(server.format("postgres"), autocommit=True, connect_timeout=3)


def _may_create(server: str) -> bool:
    may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with _maintain(server) as connection:
            return connection.execute(may).fetchone() == (True,)
    except psycopg.OperationalError:
        return False


def _drop(server: str) -> None:
    """Remove the database, and what pytest left beside it if it was stopped."""
    ours = "SELECT datname FROM pg_database WHERE datname = %s OR datname LIKE %s"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with _maintain(server) as connection:
        for (name,) in connection.execute(ours, [NAME, f"test\\_{NAME}%"]).fetchall():
            connection.execute(drop.format(sql.Identifier(name)))


@contextmanager
def own_postgresql() -> Iterator[str]:
    """A server of our own, addressed like those above."""
    programs = postgresql_programs() or (install("postgresql") and postgresql_programs())
    if not programs:
        raise Missing("PostgreSQL is missing. Please install it or set DATABASE_URL.")
    port = _free_port()
    with _folder() as folder:
        data = folder / "data"
        make = [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"]
        # C.UTF-8 is not on every machine, and plain C does not know that ä is the small Ä.
        if not (as_nobody([*make, "--locale=C.UTF-8"]) or as_nobody([*make, "--locale=C"])):
            raise Missing("PostgreSQL is installed but made no database. Please set DATABASE_URL.")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        control = [programs / "pg_ctl", "-D", data, "-w"]
        if not as_nobody([*control, "-l", folder / "log", "-o", options, "start"]):
            raise Missing("PostgreSQL is installed but did not start. Please set DATABASE_URL.")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/{{}}"
        finally:
            as_nobody([*control, "-m", "immediate", "stop"])


def postgresql_programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if on_path := shutil.which("pg_ctl"):
        folders.insert(0, Path(on_path).resolve().parent)
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


@contextmanager
def queue() -> Iterator[str]:
    """The address of a Redis database that nobody else uses."""
    if named := os.environ.get("REDIS_URL"):
        yield named
        return
    with ExitStack() as later:
        address = _empty_redis() or later.enter_context(own_redis())
        later.callback(lambda: redis.Redis.from_url(address).flushdb())
        yield address


def _empty_redis() -> str | None:
    """The last of the sixteen that holds nothing. Somebody's own data is left alone."""
    try:
        for number in range(15, 0, -1):
            address = f"{LOCAL_REDIS}/{number}"
            if redis.Redis.from_url(address, socket_connect_timeout=3).dbsize() == 0:
                return address
    except redis.RedisError:
        pass
    return None


@contextmanager
def own_redis() -> Iterator[str]:
    """The address of a server of our own."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    program = program or (install("redis-server") and shutil.which("redis-server"))
    if not program:
        raise Missing("Redis is missing. Please install it or set REDIS_URL.")
    port = _free_port()
    with _folder() as folder:
        log = folder / "log"
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        server = subprocess.Popen([*command, "--logfile", str(log)], stdin=subprocess.DEVNULL)
        try:
            address = f"redis://127.0.0.1:{port}/0"
            _wait(redis.Redis.from_url(address))
            yield address
        finally:
            server.terminate()
            server.wait(10)


def _wait(client: redis.Redis) -> None:
    for _ in range(100):
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise Missing("Redis is installed but did not start. Please set REDIS_URL.")


@contextmanager
def _folder() -> Iterator[Path]:
    """A temporary folder that belongs to whoever runs PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="hamrah-services-"))
    try:
        if user := _nobody():
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _nobody() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else None


def as_nobody(command: list) -> bool:
    """Run it as whoever runs PostgreSQL, and say whether it went well."""
    before = ["runuser", "-u", user, "--"] if (user := _nobody()) else []
    words = [*before, *map(str, command)]
    done = subprocess.run(words, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    if sys.argv[1:2] != ["--"] or len(sys.argv) < 3:
        sys.exit("Usage: python deploy/services.py -- COMMAND …")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    try:
        with database() as database_url, queue() as redis_url:
            urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
            code = subprocess.run(sys.argv[2:], env={**os.environ, **urls}, check=False).returncode
    except Missing as missing:
        sys.exit(str(missing))
    sys.exit(code)
