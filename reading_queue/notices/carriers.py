"""How messages leave the house: by the mail server, the county's gateway for short messages, and signed web requests."""

import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import httpx

from reading_queue.notices.composing import Message, body_for_systems
from reading_queue.notices.errors import DeliveryFailed, DeliveryRefused
from storage.domain.clock import Clock
from storage.domain.errors import ConfigurationError
from storage.domain.notices import Channel
from storage.sealing import Seals
from storage.settings import Settings

Carrier = Callable[[Message], None]
"""Sends one message, or raises `DeliveryFailed` or `DeliveryRefused`."""

_PATIENCE = 20.0
_SUBMISSION, _SMTPS = 587, 465
_GONE = 410
_LATER = frozenset({408, 409, 425, 429})
_PERMANENT = 500


def carriers(settings: Settings, clock: Clock) -> Mapping[Channel, Carrier]:
    """Those that the settings describe; webhooks always. Raises `ConfigurationError`."""
    found: dict[Channel, Carrier] = {Channel.WEBHOOK: WebhookCarrier(settings, clock)}
    if settings.smtp:
        found[Channel.EMAIL] = MailCarrier(settings.smtp, settings.mail_from)
    if settings.sms_url:
        found[Channel.SMS] = SmsCarrier(settings)
    return found


class MailCarrier:
    """By SMTP (RFC 5321): smtps:// is TLS from the start; smtp:// is STARTTLS wherever the server offers it.

    A password goes over TLS alone.
    """

    def __init__(self, url: str, sender: str) -> None:
        self._server = urlsplit(url)
        if self._server.scheme not in ("smtp", "smtps") or not self._server.hostname or "@" not in sender:
            message = (
                "COUNTYREAD_SMTP must be smtp://HOST:PORT or smtps://HOST:PORT, and COUNTYREAD_MAIL_FROM an address."
            )
            raise ConfigurationError(message)
        self._sender = sender

    def __call__(self, message: Message) -> None:
        try:
            with _connect(self._server) as server:
                server.send_message(self._letter(message))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _smtp_failure(min(codes, default=0)) from error
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            raise _smtp_failure(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryFailed(type(error).__name__) from error

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self._sender, message.to, message.subject
        letter["Date"] = format_datetime(message.created_at)
        letter["Message-ID"] = f"<{message.key}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        letter["Auto-Submitted"] = "auto-generated"
        if message.urgent:
            letter["Importance"] = "high"
        letter.set_content("\n\n".join(part for part in (message.text, message.link) if part) + "\n")
        return letter


class SmsCarrier:
    """By an HTTP POST as the county's gateway wants it: `sms_body` is JSON or form fields with {mobile}, {text} and {key}."""

    def __init__(self, settings: Settings) -> None:
        self._url, self._accepted = settings.sms_url, settings.sms_accepted
        self._headers = dict(_header(line) for line in settings.sms_headers.split(";") if line.strip())
        self._is_json = settings.sms_body.lstrip().startswith("{")
        try:
            self._template: Any = (
                json.loads(settings.sms_body)
                if self._is_json
                else dict(parse_qsl(settings.sms_body, keep_blank_values=True, strict_parsing=True))
            )
        except ValueError as error:
            message = "COUNTYREAD_SMS_BODY must be a JSON object or form fields such as mobile={mobile}&text={text}."
            raise ConfigurationError(message) from error

    def __call__(self, message: Message) -> None:
        text = " ".join(part for part in (message.text, message.link) if part)
        filled = _filled(self._template, {"mobile": message.to, "text": text, "key": message.key})
        headers = {**self._headers, "Idempotency-Key": message.key}
        answer = _post(self._url, headers, **({"json": filled} if self._is_json else {"data": filled}))
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise _http_failure(answer.status_code, forgiving=False)
        if self._accepted and self._accepted not in answer.text:
            raise DeliveryFailed("The gateway did not accept it")


class WebhookCarrier:
    """By an HTTP POST that its receiver can check: HMAC-SHA256 over timestamp, a full stop and the body."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    @cached_property
    def _seals(self) -> Seals:
        return Seals.of(self._settings)

    def __call__(self, message: Message) -> None:
        if message.secret is None:
            raise DeliveryRefused("There is no secret to sign it with")
        secret = message.secret.opened(self._seals)
        body = json.dumps(body_for_systems(message), ensure_ascii=False).encode()
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.key,
            "Countyread-Sequence": str(message.seq),
            "Countyread-Timestamp": timestamp,
            "Countyread-Signature": f"v1={signature(secret, timestamp, body)}",
        }
        answer = _post(message.to, headers, content=body)
        if not answer.is_success:
            raise _http_failure(answer.status_code, forgiving=True)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal; the receiver computes the same and refuses timestamps that are far from its clock."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _connect(server: SplitResult) -> smtplib.SMTP:
    host, user = server.hostname or "", unquote(server.username or "")
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, server.port or _SMTPS, timeout=_PATIENCE, context=context)
    else:
        connection = smtplib.SMTP(host, server.port or _SUBMISSION, timeout=_PATIENCE)
    try:
        connection.ehlo()
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
        if user:
            _log_in(connection, user, unquote(server.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection


def _log_in(connection: smtplib.SMTP, user: str, password: str) -> None:
    if not isinstance(connection.sock, ssl.SSLSocket):
        raise DeliveryFailed("No password without TLS")
    connection.login(user, password)


def _post(url: str, headers: Mapping[str, str], **body: Any) -> httpx.Response:
    try:
        return httpx.post(url, headers=dict(headers), timeout=_PATIENCE, follow_redirects=False, **body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DeliveryFailed(type(error).__name__) from error


def _http_failure(status: int, *, forgiving: bool) -> DeliveryFailed:
    """A receiver of webhooks may be put right; what a gateway says is wrong with a message stays wrong."""
    refused = status == _GONE or (not forgiving and status < _PERMANENT and status not in _LATER)
    return DeliveryRefused(f"HTTP {status}") if refused else DeliveryFailed(f"HTTP {status}")


def _smtp_failure(code: int) -> DeliveryFailed:
    return DeliveryRefused(f"SMTP {code}") if code >= _PERMANENT else DeliveryFailed(f"SMTP {code}")


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise ConfigurationError("COUNTYREAD_SMS_HEADERS must be NAME: VALUE, separated by semicolons.")
    return name.strip(), value.strip()


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    """Every text of the template with its names filled in; whatever they hold cannot change its shape."""
    if isinstance(template, dict):
        return {key: _filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, values) for value in template]
    if not isinstance(template, str):
        return template
    parts = template.split("{")
    return parts[0] + "".join(_one(part, values) for part in parts[1:])


def _one(part: str, values: Mapping[str, str]) -> str:
    name, brace, rest = part.partition("}")
    return values[name] + rest if brace and name in values else "{" + part
