"""What a delivery says on its channel: a sentence and a link into the application, never a patient."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reading_queue.notices.wording import sentence
from reading_queue.partner_secrets import SealedSecret, secret_of
from storage.db.models import NoticeDelivery
from storage.domain.notices import Channel, Urgency

_SUBJECT = {"zh": "县域阅片中心通知", "en": "County Reading"}
_URGENT = {"zh": "【紧急】", "en": "URGENT: "}


@dataclass(frozen=True)
class Message:
    """Ready to go. `key` is the same for every attempt, so that who gets it twice can tell."""

    key: str
    channel: Channel
    to: str
    subject: str
    text: str
    link: str
    urgent: bool
    created_at: datetime
    secret: SealedSecret | None = None
    seq: int = 0
    kind: str = ""
    urgency: str = ""


def compose(delivery: NoticeDelivery, public_url: str) -> Message | None:
    """None when there is nobody left to send it to."""
    to = _address(delivery)
    if not to:
        return None
    notice = delivery.notice
    language = _language(delivery)
    urgent = notice.urgency == Urgency.URGENT
    hook = delivery.webhook
    return Message(
        key=delivery.key,
        channel=Channel(delivery.channel),
        to=to,
        subject=(_URGENT[language] if urgent else "") + _SUBJECT[language],
        text=sentence(notice.kind, language, notice.params),
        link=f"{public_url}/#/notices/{notice.id}" if public_url else "",
        urgent=urgent,
        created_at=notice.created_at,
        secret=secret_of(hook) if hook else None,
        seq=delivery.seq or 0,
        kind=notice.kind,
        urgency=notice.urgency,
    )


def body_for_systems(message: Message) -> dict[str, Any]:
    """What a webhook gets as JSON."""
    return {
        "sequence": message.seq,
        "key": message.key,
        "kind": message.kind,
        "urgency": message.urgency,
        "created_at": message.created_at.isoformat(),
        "text": message.text,
        "link": message.link,
    }


def _address(delivery: NoticeDelivery) -> str:
    if delivery.webhook is not None:
        return delivery.webhook.url if delivery.webhook.active else ""
    if delivery.user is None:
        return delivery.address
    if not delivery.user.active:
        return ""
    return delivery.user.email if delivery.channel == Channel.EMAIL else delivery.user.mobile


def _language(delivery: NoticeDelivery) -> str:
    wanted = delivery.user.preferences.get("language") if delivery.user else None
    return "en" if wanted == "en" else "zh"
