import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from storage.db.queries import people
from storage.db.session import Database
from storage.domain.clock import ManualClock
from tests.functional.api.provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider
from tests.functional.api.township import Township, running, settings_in
from tests.unit.reading_queue.county import MONDAY_MORNING, County
from tests.worlds import learned_engine


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as found:
        yield found


@pytest.fixture(scope="module")
def county(provider: Provider, tmp_path_factory: pytest.TempPathFactory, empty_county: Path) -> Iterator[Township]:
    folder = tmp_path_factory.mktemp("sign-on")
    settings = settings_in(
        folder,
        COUNTYREAD_OIDC_ISSUER=provider.issuer,
        COUNTYREAD_OIDC_CLIENT_ID=CLIENT_ID,
        COUNTYREAD_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        COUNTYREAD_OIDC_ROLE_CLAIM="groups",
        COUNTYREAD_OIDC_ROLES="heads=auditor,readers=radiologist",
        COUNTYREAD_OIDC_INSTITUTION_CLAIM="place",
    )
    shutil.copyfile(empty_county, folder / empty_county.name)
    engine = learned_engine(settings.database_url)
    clock = ManualClock(MONDAY_MORNING)
    provider.now = MONDAY_MORNING
    with running(County(Database(engine, clock), clock), settings) as served:
        yield served
    engine.dispose()


@pytest.fixture(autouse=True)
def honest(provider: Provider) -> Iterator[None]:
    key = provider.key
    yield
    provider.key, provider.algorithm, provider.wrong = key, "RS256", {}
    provider.claims = {"sub": "1007", "preferred_username": "radiologist"}


def _sign_on(county: Township, back: str = "#/worklist") -> dict[str, str]:
    """What stands behind the # when a browser has been at the provider."""
    with httpx.Client(timeout=30) as browser:
        answer = browser.get(f"{county.url}/api/v1/session/sign-on", params={"back": back})
        while "/#/" not in answer.headers["location"]:
            answer = browser.get(answer.headers["location"])
            assert answer.status_code == 302, answer.text
    found = parse_qs(answer.headers["location"].split("?", 1)[1])
    return {name: values[0] for name, values in found.items()}


def _exchange(county: Township, ticket: str) -> httpx.Response:
    return county.anonymous().post("/api/v1/session/sign-on", json={"ticket": ticket})


def test_somebody_known_logs_in_without_a_password_here(county: Township) -> None:
    assert county.anonymous().get("/api/v1/session/methods").json()["single_sign_on"] is True
    found = _sign_on(county)
    assert found["back"] == "#/worklist"
    opened = _exchange(county, found["ticket"])
    assert opened.status_code == 201, opened.text
    assert opened.json()["user"]["username"] == "radiologist"
    assert county.bearer(opened.json()["token"]).get("/api/v1/tasks").status_code == 200
    assert _exchange(county, found["ticket"]).status_code == 401, "a ticket opens once"


def test_a_page_elsewhere_is_no_way_back(county: Township) -> None:
    assert "back" not in _sign_on(county, "https://evil.example/")


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "somebody else"},
        {"aud": [CLIENT_ID, "somebody else"]},
        {"nonce": "of another log-in"},
        {"iss": "https://evil.example"},
        {"exp": int(MONDAY_MORNING.timestamp()) - 3600},
        {"exp": None},
        {"iat": int(MONDAY_MORNING.timestamp()) + 3600},
        {"sub": ""},
    ],
)
def test_a_token_that_is_not_for_us_and_now_opens_nothing(
    county: Township, provider: Provider, wrong: dict[str, object]
) -> None:
    provider.wrong = wrong
    assert _sign_on(county) == {"sign_on": "failed"}


def test_a_token_without_a_signature_opens_nothing(county: Township, provider: Provider) -> None:
    provider.algorithm = "none"
    assert _sign_on(county) == {"sign_on": "failed"}


def test_a_token_signed_with_what_everybody_knows_opens_nothing(county: Township, provider: Provider) -> None:
    provider.key, provider.algorithm = OctKey.import_key(CLIENT_SECRET.ljust(32)), "HS256"
    assert _sign_on(county) == {"sign_on": "failed"}


def test_a_token_signed_by_another_key_opens_nothing(county: Township, provider: Provider) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    assert _sign_on(county) == {"sign_on": "failed"}


def test_an_answer_in_another_browser_opens_nothing(county: Township) -> None:
    with httpx.Client(timeout=30) as browser:
        begun = browser.get(f"{county.url}/api/v1/session/sign-on")
        answer = browser.get(begun.headers["location"]).headers["location"]
    assert httpx.get(answer).headers["location"] == "/#/login?sign_on=failed"


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=access_denied&state=x"])
def test_an_answer_to_nothing_opens_nothing(county: Township, query: str) -> None:
    answer = county.anonymous().get(f"/api/v1/session/sign-on/answer{query}")
    assert answer.headers["location"] == "/#/login?sign_on=failed"


def test_the_claims_give_role_and_place_to_somebody_new(county: Township, provider: Provider) -> None:
    provider.claims = {
        "sub": "2001",
        "preferred_username": "qian",
        "name": "钱医生",
        "groups": ["x", "heads"],
        "place": "county",
    }
    user = _exchange(county, _sign_on(county)["ticket"]).json()["user"]
    assert (user["name"], user["role"], user["institution"]) == ("钱医生", "auditor", "county")
    provider.claims["groups"] = ["readers"]
    assert _exchange(county, _sign_on(county)["ticket"]).json()["user"]["role"] == "radiologist"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "3001", "preferred_username": "nobody"},
        {"sub": "3002", "preferred_username": "nobody2", "groups": ["readers"]},
        {"sub": "3003", "preferred_username": "nobody3", "groups": ["others"], "place": "county"},
        {"sub": "not the first", "preferred_username": "radiologist", "groups": ["readers"], "place": "county"},
    ],
)
def test_somebody_unknown_has_no_way_in(county: Township, provider: Provider, claims: dict[str, object]) -> None:
    _exchange(county, _sign_on(county)["ticket"])
    provider.claims = claims
    assert _sign_on(county) == {"sign_on": "failed"}


def test_a_switched_off_account_stays_off(county: Township, provider: Provider) -> None:
    provider.claims = {"sub": "4001", "preferred_username": "auditor2"}
    with county.database.write() as work:
        people.user_by_name(work, "auditor2").active = False
    assert _sign_on(county) == {"sign_on": "failed"}


def test_a_county_without_a_provider_says_so(township: Township) -> None:
    assert township.anonymous().get("/api/v1/session/methods").json()["single_sign_on"] is False
    assert township.anonymous().get("/api/v1/session/sign-on").status_code == 404
