"""Processor time of a server and its children, from /proc."""

import os
from pathlib import Path

_PPID, _UTIME, _STIME, _CUTIME, _CSTIME = 1, 11, 12, 13, 14
"""Places after the name in /proc/<pid>/stat (proc_pid_stat(5)), counted from 0."""


def parent(pid: int) -> int:
    """The process that started this one."""
    return int(_stat(Path(f"/proc/{pid}"))[_PPID])


def processor_time(pid: int | None) -> float:
    """Seconds that the process and its children have used, those that have ended included; none of no process."""
    ticks = 0
    for folder in Path("/proc").iterdir() if pid is not None else ():
        fields = _stat(folder) if folder.name.isdigit() else []
        if fields and int(folder.name) == pid:
            ticks += sum(int(fields[n]) for n in (_UTIME, _STIME, _CUTIME, _CSTIME))
        elif fields and int(fields[_PPID]) == pid:
            ticks += int(fields[_UTIME]) + int(fields[_STIME])
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(folder: Path) -> list[str]:
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
