"""What the technician sees: what waits, what has gone, how the line is. In Chinese and English; never patient data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dicom_gateway.edge.journal import Backlog, Journal
from dicom_gateway.edge.liaison import LINE, TITLES, midnight
from dicom_gateway.edge.line import LineState
from storage.domain.clock import Clock
from storage.ingest.spool import SpoolFolder, free_bytes
from storage.ingest.times import time_zone

_MIB = 1 << 20
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

_ENGLISH = {
    "title": "Edge station {name}",
    "running": "Receiving",
    "yes": "yes",
    "no": "no: start 'countyread edge'",
    "line": "Line to the server",
    "last_contact": "Last contact",
    "never": "never",
    "ago": "{age} ago",
    "waiting": "Waiting",
    "objects": "{count} objects, {size} MiB",
    "urgent": "Urgent among them",
    "oldest": "Oldest has waited",
    "held": "Held back",
    "held_detail": "{count} objects of {titles}: the centre does not know this device, please tell the administrator",
    "sent_today": "Sent today",
    "free": "Free disk",
    "nothing": "-",
    LineState.STARTING: "starting",
    LineState.ONLINE: "online",
    LineState.UNREACHABLE: "no connection; images are kept and sent later",
    LineState.BROKEN: "unsteady; it goes on by itself",
    LineState.CERTIFICATE: "the server's certificate is not trusted; call the administrator",
    LineState.KEY_REFUSED: "the station's key was refused; call the administrator",
    LineState.SERVER_FAULT: "the server has a fault; images are kept and sent later",
    LineState.SERVER_FULL: "the server's disk is full; call the administrator",
}
_CHINESE = {
    "title": "边缘站 {name}",
    "running": "正在接收",
    "yes": "是",
    "no": "否：请运行 countyread edge",
    "line": "到服务器的线路",
    "last_contact": "最近联系",
    "never": "从未",
    "ago": "{age}前",
    "waiting": "等待发送",
    "objects": "{count} 幅，{size} MiB",
    "urgent": "其中加急",
    "oldest": "最早的已等待",
    "held": "暂扣",
    "held_detail": "{titles} 的 {count} 幅：中心不认识该设备，请通知管理员",
    "sent_today": "今日已发送",
    "free": "磁盘剩余",
    "nothing": "无",
    LineState.STARTING: "正在启动",
    LineState.ONLINE: "在线",
    LineState.UNREACHABLE: "无法连接；图像已保存，稍后自动发送",
    LineState.BROKEN: "不稳定；会自动续传",
    LineState.CERTIFICATE: "服务器证书不可信；请联系管理员",
    LineState.KEY_REFUSED: "站点密钥被拒绝；请联系管理员",
    LineState.SERVER_FAULT: "服务器故障；图像已保存，稍后自动发送",
    LineState.SERVER_FULL: "服务器磁盘已满；请联系管理员",
}
WORDS: Mapping[str, Mapping[str, str]] = {"zh": _CHINESE, "en": _ENGLISH}
_UNITS = {"zh": (" 秒", " 分钟", " 小时", " 天"), "en": (" s", " min", " h", " days")}


@dataclass(frozen=True)
class Status:
    """The station now. Ages in seconds; `contact_age` is None when the server has never answered."""

    name: str
    is_running: bool
    line: LineState
    contact_age: float | None
    backlog: Backlog
    oldest_age: float
    held_titles: tuple[str, ...]
    free: int

    def as_json(self) -> dict[str, Any]:
        """For monitoring."""
        told = {name: value for name, value in vars(self).items() if name != "backlog"}
        return {**told, **{name: value for name, value in vars(self.backlog).items() if name != "oldest"}}


def read_status(name: str, spool: SpoolFolder, journal: Journal, clock: Clock, zone_name: str) -> Status:
    """From the station's folder; the station itself need not run."""
    line, titles = journal.noted(LINE) or {}, journal.noted(TITLES)
    held = () if titles is None else tuple(sorted(journal.waiting_titles().keys() - set(titles)))
    backlog = journal.backlog(held, midnight(clock, time_zone(zone_name)))
    now = clock.now()
    contact = line.get("last_contact")
    return Status(
        name=name,
        is_running=spool.has_a_door(),
        line=LineState(line.get("state", LineState.STARTING)),
        contact_age=(now - datetime.fromisoformat(contact)).total_seconds() if contact else None,
        backlog=backlog,
        oldest_age=now.timestamp() - backlog.oldest if backlog.oldest else 0.0,
        held_titles=held,
        free=free_bytes(spool.folder),
    )


def in_words(status: Status, language: str) -> tuple[str, list[tuple[str, str]]]:
    """A title and lines of what and how; `language` is `zh` or `en`."""
    words, backlog = WORDS[language], status.backlog
    contact = (
        words["never"] if status.contact_age is None else words["ago"].format(age=_age(status.contact_age, language))
    )
    held = words["held_detail"].format(count=backlog.held, titles=", ".join(status.held_titles))
    return words["title"].format(name=status.name), [
        (words["running"], words["yes" if status.is_running else "no"]),
        (words["line"], words[status.line]),
        (words["last_contact"], contact),
        (words["waiting"], words["objects"].format(count=backlog.waiting, size=backlog.waiting_bytes // _MIB)),
        (words["urgent"], str(backlog.urgent)),
        (words["oldest"], _age(status.oldest_age, language) if backlog.waiting else words["nothing"]),
        (words["held"], held if backlog.held else words["nothing"]),
        (words["sent_today"], str(backlog.sent_today)),
        (words["free"], f"{status.free // _MIB} MiB"),
    ]


def _age(seconds: float, language: str) -> str:
    for limit, unit, word in ((_DAY, _DAY, 3), (_HOUR, _HOUR, 2), (_MINUTE, _MINUTE, 1)):
        if seconds >= limit:
            return f"{seconds / unit:.0f}{_UNITS[language][word]}"
    return f"{max(seconds, 0):.0f}{_UNITS[language][0]}"
