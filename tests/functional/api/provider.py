"""A small OpenID provider that signs real tokens, in the test's own process."""

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from tests.services.waiting import wait_until
from viewer_api.auth.oidc import challenge

CLIENT_ID, CLIENT_SECRET = "county", "between us"


@dataclass
class Provider:
    """Whoever comes is `claims`. `wrong` replaces claims of the token, `algorithm` and `key` how it is signed."""

    issuer: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "1007", "preferred_username": "radiologist"})
    wrong: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    key: RSAKey | OctKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}, private=True))
    published: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert isinstance(self.key, RSAKey)
        self.published = self.key

    def token(self, asked: dict[str, str]) -> str:
        issued = int(self.now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": issued,
            "exp": issued + 300,
            "nonce": asked["nonce"],
            **self.claims,
            **self.wrong,
        }
        header = {"alg": self.algorithm, "kid": "one"}
        if self.algorithm == "none":
            parts = (
                base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)
            )
            return ".".join(parts) + "."
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def configuration() -> dict[str, str]:
            places = {name: f"{self.issuer}/{name}" for name in ("authorize", "token", "keys")}
            return {
                "issuer": self.issuer,
                "authorization_endpoint": places["authorize"],
                "token_endpoint": places["token"],
                "jwks_uri": places["keys"],
            }

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            return KeySet([self.published]).as_dict(private=False)

        @app.get("/authorize")
        def authorize(
            client_id: str, redirect_uri: str, state: str, nonce: str, code_challenge: str, response_type: str
        ) -> RedirectResponse:
            assert (client_id, response_type) == (CLIENT_ID, "code")
            code = secrets.token_urlsafe(16)
            self.codes[code] = {"nonce": nonce, "challenge": code_challenge, "redirect_uri": redirect_uri}
            return RedirectResponse(f"{redirect_uri}?{urlencode({'code': code, 'state': state})}", 302)

        @app.post("/token")
        async def token(request: Request) -> JSONResponse:
            form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
            asked = self.codes.pop(form["code"], None)
            proof = asked is not None and asked["challenge"] == challenge(form["code_verifier"])
            if not proof or asked["redirect_uri"] != form["redirect_uri"] or form["client_secret"] != CLIENT_SECRET:
                return JSONResponse({"error": "invalid_grant"}, 400)
            return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked)})

        return app


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()
    server = uvicorn.Server(uvicorn.Config(provider.app(), host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run, name="provider")
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), 30, "the identity provider to listen")
        provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        yield provider
    finally:
        server.should_exit = True
        thread.join(20)
