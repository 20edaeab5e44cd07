"""Run by Debian's own Python, which has Swift: ``swift_server.py FOLDER NAME=PORT...``.

Builds the rings on the first run, then runs the storage servers and the proxy as children until it is told to end.
Swift looks for its hash suffix in /etc/swift; here it comes from FOLDER, so that nothing outside is read or written.
"""

import ctypes
import importlib
import os
import signal
import sys

from swift.common import utils

_PR_SET_PDEATHSIG = 1
_SHARED_IMPORTS = (
    "swift.common.wsgi",
    "swift.common.middleware.s3api.s3api",
    "swift.proxy.server",
    "swift.obj.server",
    "swift.container.server",
    "swift.account.server",
)
"""Imported once, before the fork: the slow part of a start."""


def main(folder, storage_ports):
    utils.set_swift_dir(folder)
    for name, port in storage_ports.items():
        build_ring(folder, name, port)
    for module in _SHARED_IMPORTS:
        importlib.import_module(module)
    children = [start(folder, name) for name in (*storage_ports, "proxy")]
    signal.signal(signal.SIGTERM, lambda *_: end(children))
    os.wait()
    end(children)


def build_ring(folder, name, port):
    """One device, one replica: the smallest ring there is."""
    from swift.common.ring import RingBuilder

    path = os.path.join(folder, name + ".ring.gz")
    if os.path.exists(path):
        return
    builder = RingBuilder(4, 1, 0)
    device = {"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "d1", "weight": 1.0, "meta": ""}
    builder.add_dev({**device, "replication_ip": "127.0.0.1", "replication_port": port})
    builder.rebalance()
    builder.get_ring().save(path)


def start(folder, name):
    """Fork one server; it ends when this process ends, however that comes, and stays in its process group."""
    import swift.common.wsgi

    swift.common.wsgi.clean_up_daemon_hygiene = lambda: None
    pid = os.fork()
    if pid:
        return pid
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os._exit(swift.common.wsgi.run_wsgi(os.path.join(folder, name + ".conf"), name + "-server"))


def end(children):
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], {name: int(port) for name, port in (item.split("=") for item in sys.argv[2:])})
