"""What servers write about a few requests: `python servers.py FOLDER` starts each one on the loopback and keeps its logs.

Each server is run from its Debian package, in the folder, on a port of its own, and stopped again. One that is not
installed is left out.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

REQUEST = "req-7f3a9c21"


@contextmanager
def running(argv: Sequence[str], output: Path, port: int | None) -> Iterator[subprocess.Popen[bytes]]:
    """A program until the block ends; its output in a file; begun when its port answers."""
    with output.open("wb") as out, subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT) as process:
        try:
            deadline = time.monotonic() + 20
            while port is not None and time.monotonic() < deadline and process.poll() is None:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def say(port: int, text: str) -> None:
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(text.encode())
        connection.settimeout(5)
        while connection.recv(65536):
            pass


def get(port: int, path: str) -> None:
    say(
        port,
        f"GET {path} HTTP/1.1\r\nHost: shop\r\nX-Request-Id: {REQUEST}\r\nUser-Agent: probe/1\r\nConnection: close\r\n\r\n",
    )


def some_requests(port: int) -> None:
    for path in ("/", "/missing?id=7", "/pay"):
        get(port, path)
    say(port, "NONSENSE\r\n\r\n")


def nginx(folder: Path) -> None:
    port = free_port()
    (folder / "nginx.conf").write_text(f"""
        daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log info;
        events {{ }}
        http {{
          log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
                           '"$http_referer" "$http_user_agent" rt=$request_time request_id=$http_x_request_id';
          log_format object escape=json '{{"time":"$time_iso8601","status":$status,"method":"$request_method",'
                           '"uri":"$request_uri","request_time":$request_time,"request_id":"$http_x_request_id"}}';
          access_log {folder}/nginx-access.log; access_log {folder}/nginx-timed.log timed; access_log {folder}/nginx-json.log object;
          server {{ listen 127.0.0.1:{port}; root {folder}/www;
            location = /pay {{ proxy_pass http://127.0.0.1:1; }} }}
        }}""")
    with running(
        ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx-error.log")], folder / "nginx.out", port
    ):
        some_requests(port)


def apache(folder: Path) -> None:
    port = free_port()
    modules = "/usr/lib/apache2/modules"
    loaded = "\n".join(
        f"LoadModule {name}_module {modules}/mod_{name}.so"
        for name in ("mpm_event", "authz_core", "alias", "proxy", "proxy_http")
    )
    (folder / "apache.conf").write_text(f"""
        {loaded}
        ServerName shop
        Listen 127.0.0.1:{port}
        PidFile {folder}/apache.pid
        DocumentRoot {folder}/www
        LogLevel info
        ErrorLog {folder}/apache-error.log
        LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\"" combined
        LogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\" %D" vhost
        CustomLog {folder}/apache-access.log combined
        CustomLog {folder}/apache-vhost.log vhost
        ProxyPass /pay http://127.0.0.1:1/
        """)
    with running(["apache2", "-X", "-f", str(folder / "apache.conf")], folder / "apache.out", port):
        some_requests(port)


def haproxy(folder: Path) -> None:
    port = free_port()
    (folder / "haproxy.cfg").write_text(f"""
global
    log stdout format raw local0
defaults
    mode http
    log global
    option httplog
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend shop
    bind 127.0.0.1:{port}
    default_backend pay
backend pay
    server pay1 127.0.0.1:1
""")
    with running(["haproxy", "-f", str(folder / "haproxy.cfg")], folder / "haproxy.log", port):
        some_requests(port)


def redis(folder: Path) -> None:
    port = free_port()
    argv = [
        "redis-server",
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(folder),
        "--loglevel",
        "verbose",
        "--save",
        "",
    ]
    with running(argv, folder / "redis.log", port):
        say(port, "PING\r\nQUIT\r\n")


def postgres(folder: Path) -> None:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    port = free_port()
    data = folder / "postgres"
    data.mkdir()
    owner = "postgres" if os.getuid() == 0 else ""
    if owner:
        shutil.chown(folder, owner)
        shutil.chown(data, owner)
    switch = ["setpriv", "--reuid", owner, "--regid", owner, "--clear-groups"] if owner else []
    subprocess.run(
        [*switch, str(programs[-1] / "initdb"), "-D", str(data), "-A", "trust"], check=True, stdout=subprocess.DEVNULL
    )
    settings = {
        "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "logging_collector": "on",
        "log_destination": "stderr,csvlog,jsonlog", "log_filename": "postgres.log", "log_directory": str(folder),
        "log_timezone": "UTC", "log_line_prefix": "%m [%p] %q%u@%d ", "log_min_duration_statement": "0",
    }  # fmt: skip
    options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    with running([*switch, str(programs[-1] / "postgres"), "-D", str(data), *options], folder / "postgres.out", port):
        for text in ("select 1", "select *\n  from missing", "do $$ begin raise warning 'stock low'; end $$"):
            subprocess.run(
                ["psql", "-h", "127.0.0.1", "-p", str(port), "-U", owner or os.environ["USER"], "-c", text, "postgres"],
                capture_output=True,
            )


def syslog_ng(folder: Path) -> None:
    port = free_port()
    (folder / "syslog-ng.conf").write_text(f"""@version: current
source s {{ network(ip("127.0.0.1") port({port}) transport("tcp")); }};
destination old {{ file("{folder}/syslog.log"); }};
destination iso {{ file("{folder}/syslog-iso.log" template("$ISODATE $HOST $MSGHDR$MSG\\n")); }};
destination new {{ file("{folder}/syslog-5424.log" template("<$PRI>1 $ISODATE $HOST $PROGRAM $PID - - $MSG\\n")); }};
log {{ source(s); destination(old); destination(iso); destination(new); }};
""")
    argv = [
        "syslog-ng",
        "-F",
        "-f",
        str(folder / "syslog-ng.conf"),
        "-R",
        str(folder / "ng.persist"),
        "-c",
        str(folder / "ng.ctl"),
        "--pidfile",
        str(folder / "ng.pid"),
    ]
    with running(argv, folder / "syslog-ng.out", port):
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            for line in (
                f"<30>Nov 29 12:00:01 web1 cart[42]: order placed request_id={REQUEST}",
                "<28>Nov 29 12:00:02 web1 cart[42]: stock low",
                "<27>Nov 29 12:00:03 web1 cart[42]: charge failed",
                "<38>Nov 29 12:00:04 web1 sshd[7]: Accepted publickey for ann from 10.0.0.9 port 50022 ssh2",
            ):
                connection.sendall(line.encode() + b"\n")
        time.sleep(2)


SERVERS: dict[str, Callable[[Path], None]] = {
    "nginx": nginx,
    "apache2": apache,
    "haproxy": haproxy,
    "redis-server": redis,
    "postgres": postgres,
    "syslog-ng": syslog_ng,
}


def main(folder: Path) -> None:
    for name, run in SERVERS.items():
        if shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/usr/lib/postgresql/15/bin") is None:
            print(f"{name}: not installed")
            continue
        own = folder / name
        (own / "www").mkdir(parents=True)
        (own / "www" / "index.html").write_text("hello\n")
        own.chmod(0o755)
        run(own)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
