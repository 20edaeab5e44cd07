"""An own S3 server: OpenStack Swift with its s3api middleware, one replica, from Debian's packages.

It speaks the S3 protocol with version 4 signatures, multipart uploads and ranges, and keeps real files.
"""

import getpass
import uuid
from pathlib import Path
from urllib.parse import quote

import minio
import urllib3

from tests.services.errors import MissingPartError
from tests.services.ports import HOST, accepts_connections, free_port
from tests.services.process import Program, find_program
from tests.services.server import Server

REGION = "us-east-1"
ACCESS_KEY = "reading:s3"
SECRET_KEY = "readingsecret"

_STORAGE_SERVERS = ("object", "container", "account")
_SYSTEM_PYTHON = "/usr/bin/python3"
_LAUNCHER = Path(__file__).with_name("swift_server.py")
_SWIFT_EGG = Path("/usr/lib/python3/dist-packages/swift")

_SWIFT_CONF = """\
[swift-hash]
swift_hash_path_suffix = countyread
[storage-policy:0]
name = single
default = yes
"""

_STORAGE_CONF = """\
[DEFAULT]
bind_ip = {host}
bind_port = {port}
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
fallocate_reserve = 0
workers = 0
log_level = WARNING
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""

_PROXY_CONF = """\
[DEFAULT]
bind_ip = {host}
bind_port = {port}
user = {user}
swift_dir = {folder}
workers = 0
log_level = WARNING
[pipeline:main]
pipeline = catch_errors proxy-logging cache s3api tempauth bulk slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
error_suppression_limit = 1000000
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:cache]
use = egg:swift#memcache
memcache_servers = {host}:{memcached_port}
[filter:s3api]
use = egg:swift#s3api
location = {region}
[filter:tempauth]
use = egg:swift#tempauth
user_reading_s3 = {secret} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


class S3Server(Server):
    """Swift's proxy, object, container and account servers and their memcached."""

    name = "s3"

    def __init__(self) -> None:
        if not _SWIFT_EGG.is_dir() or not Path(_SYSTEM_PYTHON).exists():
            raise MissingPartError("Swift", "swift-proxy, swift-account, swift-container, swift-object")
        self._memcached = find_program("memcached", "memcached")
        super().__init__()
        self.port = free_port()
        self.endpoint = f"{HOST}:{self.port}"
        self._memcached_port = free_port()
        self._storage_ports = {name: free_port() for name in _STORAGE_SERVERS}

    @property
    def url(self) -> str:
        return f"http://{self.endpoint}"

    def client(self) -> minio.Minio:
        """A client that fails at once instead of retrying for a minute when the server is down."""
        pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=30), retries=False)
        return minio.Minio(
            self.endpoint,
            access_key=ACCESS_KEY,
            secret_key=SECRET_KEY,
            secure=False,
            region=REGION,
            http_client=pool,
        )

    def create_bucket(self) -> str:
        """Create an empty bucket of its own for one test and return its ``COUNTYREAD_OBJECT_STORE`` setting."""
        name = f"test-{uuid.uuid4().hex}"
        self.client().make_bucket(name)
        return f"s3+http://{quote(ACCESS_KEY, safe='')}:{quote(SECRET_KEY, safe='')}@{self.endpoint}/{name}"

    def prepare(self) -> None:
        (self.folder / "devices" / "d1").mkdir(parents=True)
        (self.folder / "swift.conf").write_text(_SWIFT_CONF)
        user = getpass.getuser()
        for name, port in self._storage_ports.items():
            conf = _STORAGE_CONF.format(host=HOST, port=port, user=user, folder=self.folder, name=name)
            (self.folder / f"{name}.conf").write_text(conf)
        conf = _PROXY_CONF.format(
            host=HOST,
            port=self.port,
            user=user,
            folder=self.folder,
            memcached_port=self._memcached_port,
            region=REGION,
            secret=SECRET_KEY,
        )
        (self.folder / "proxy.conf").write_text(conf)

    def launch(self) -> list[Program]:
        ports = [f"{name}={port}" for name, port in self._storage_ports.items()]
        swift = Program.start([_SYSTEM_PYTHON, str(_LAUNCHER), str(self.folder), *ports], self.folder / "swift.log")
        memcached = Program.start(
            [self._memcached, "-u", getpass.getuser(), "-l", HOST, "-p", str(self._memcached_port), "-m", "16"],
            self.folder / "memcached.log",
        )
        return [swift, memcached]

    def is_ready(self) -> bool:
        if not all(accepts_connections(port) for port in self._storage_ports.values()):
            return False
        try:
            self.client().list_buckets()
        except (urllib3.exceptions.HTTPError, minio.error.MinioException):
            return False
        return True
