"""What an administrator starts from: the compose file, the image, and the script that makes the secrets."""

import importlib.util
import re
import stat
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from storage.settings import SETTING_NAMES, load_settings

ROOT = Path(__file__).resolve().parents[3]
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROCESSES = {"gateway", "api", "worker", "beat", "migrate"}
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<operator>:?[?-])?(?P<rest>[^}]*)\}")
SECRET = re.compile(r"PASSWORD|SECRET|KEY|TOKEN")


def make_env_script() -> ModuleType:
    loader = SourceFileLoader("make_env", str(ROOT / "scripts" / "make-env"))
    spec = importlib.util.spec_from_loader("make_env", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def variables(text: str) -> list[re.Match[str]]:
    return list(VARIABLE.finditer(text))


def one_off_services() -> set[str]:
    """Services whose end, not whose health, the others wait for."""
    return {
        name
        for service in SERVICES.values()
        for name, wait in service.get("depends_on", {}).items()
        if wait["condition"] == "service_completed_successfully"
    }


def interpolate(text: str, values: dict[str, str]) -> str:
    return VARIABLE.sub(lambda m: values.get(m["name"]) or (m["rest"] if m["operator"] == ":-" else ""), text)


def made_env(folder: Path) -> dict[str, str]:
    script = make_env_script()
    (folder / ".env.example").write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    script.main(folder)
    values: dict[str, str] = script.settings((folder / ".env").read_text(encoding="utf-8"))
    return values


def test_every_process_of_the_product_is_a_service() -> None:
    commands = {name: service["command"] for name, service in SERVICES.items() if name in PROCESSES}
    assert commands == {name: [name] for name in PROCESSES}


def test_every_service_is_checked_and_restarted() -> None:
    assert one_off_services() == {"migrate"}
    for name, service in SERVICES.items():
        if name in one_off_services():
            assert service["restart"] == "no"
        else:
            assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}, name
            assert service["restart"] == "unless-stopped", name


def test_every_health_check_of_a_process_asks_about_that_process() -> None:
    for name in PROCESSES - one_off_services():
        assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "countyread", "health", name]


def test_secrets_have_no_defaults() -> None:
    secrets = [match for match in variables(COMPOSE_TEXT) if SECRET.search(match["name"])]
    assert {match["name"] for match in secrets} == {
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD",
        "S3_ACCESS_KEY",
        "S3_SECRET_KEY",
    }
    for match in secrets:
        assert match["operator"] == ":?", match["name"]
        assert ".env.example" in match["rest"]


def test_no_secret_is_written_out() -> None:
    bare = VARIABLE.sub("", COMPOSE_TEXT)
    assert not re.search(r"://[^\s/:@]*:[^\s/:@]+@", bare)
    assert not re.search(r"(?i)(password|secret_?key|access_?key)[\"']?[ \t]*[:=][ \t]*[\"']?\w", bare)


def test_example_of_the_environment_has_empty_secrets_and_every_variable() -> None:
    example = make_env_script().settings((ROOT / ".env.example").read_text(encoding="utf-8"))
    assert set(example) == {match["name"] for match in variables(COMPOSE_TEXT)}
    for name, value in example.items():
        assert bool(value) != bool(SECRET.search(name)), name


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "build" not in service])
def test_images_are_pinned_to_a_version(name: str) -> None:
    assert re.fullmatch(r"[\w./-]+:\d+\.\d[\w.-]*", SERVICES[name]["image"])


def test_image_of_the_product_is_built_from_pinned_images() -> None:
    stages = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert stages
    assert all(re.fullmatch(r"[\w./-]+:\d+\.\d+\.\d+-[\w-]+", image) for image in stages)


def test_what_was_promised_is_kept_on_volumes() -> None:
    mounts = {
        name: dict(mount.split(":") for mount in service.get("volumes", []) if not mount.endswith(":ro"))
        for name, service in SERVICES.items()
    }
    assert mounts["gateway"] == mounts["intake"] == {"spool": "/data"}
    assert mounts["api"] == {"spool": "/data", "keys": "/keys"}
    assert SERVICES["api"]["environment"]["COUNTYREAD_SECRETS_KEY"].startswith("/keys/"), (
        "not with what empties by itself"
    )
    assert mounts["postgres"] == {"postgres": "/var/lib/postgresql/data"}
    assert {source for mount in mounts.values() for source in mount} == set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_settings_of_a_process_are_known_and_make_sense(name: str, tmp_path: Path) -> None:
    values = made_env(tmp_path)
    environment = {key: interpolate(value, values) for key, value in SERVICES[name]["environment"].items()}
    assert set(environment) <= set(SETTING_NAMES)
    settings = load_settings(environment, file=tmp_path / "none.toml")
    assert values["POSTGRES_PASSWORD"] in settings.database_url
    assert settings.object_store.endswith("@objects:8333/countyread")
    assert settings.time_zone == "Asia/Shanghai"


def test_object_store_accepts_the_key_that_the_processes_use(tmp_path: Path) -> None:
    values = made_env(tmp_path)
    (identity,) = yaml.safe_load(interpolate(COMPOSE["configs"]["s3-identities"]["content"], values))["identities"]
    assert identity["credentials"] == [{"accessKey": values["S3_ACCESS_KEY"], "secretKey": values["S3_SECRET_KEY"]}]


def test_made_secrets_differ_are_long_and_belong_to_their_owner_alone(tmp_path: Path) -> None:
    values = made_env(tmp_path)
    secrets = [value for name, value in values.items() if SECRET.search(name)]
    assert len(set(secrets)) == 4
    assert all(re.fullmatch(r"[0-9a-f]{48}", value) for value in secrets)
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_made_secrets_survive_a_second_run_and_an_upgrade(tmp_path: Path) -> None:
    first = made_env(tmp_path)
    with (tmp_path / ".env").open("a", encoding="utf-8") as file:
        file.write("OWN=kept\n")
    with (tmp_path / ".env.example").open("a", encoding="utf-8") as file:
        file.write("NEW_SECRET=\n")
    script = make_env_script()
    script.main(tmp_path)
    second = script.settings((tmp_path / ".env").read_text(encoding="utf-8"))
    assert second.items() >= {**first, "OWN": "kept"}.items()
    assert len(second["NEW_SECRET"]) == 48
