"""Starts the gateway or the intake by fork, all imports done: hundreds of starts would take minutes otherwise.

Reads names from standard input, a line each, and answers with the process id; ends all its children when the input ends.
"""

import os
import signal
import sys
from collections.abc import Callable

from dicom_gateway.process import run as run_gateway
from reading_queue.intake import run_intake
from storage.settings import Settings, load_settings

RUN: dict[str, Callable[[Settings], None]] = {"gateway": run_gateway, "intake": run_intake}


def start(name: str) -> int:
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        RUN[name](load_settings())
        os._exit(0)
    return child


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    children = []
    for line in sys.stdin:
        children.append(start(line.strip()))
        print(children[-1], flush=True)
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
