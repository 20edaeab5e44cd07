"""The scripts behind `make`: what they choose, and what they say when they cannot."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
SYSTEM_PATH = "/usr/bin:/bin"


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        env={"PATH": SYSTEM_PATH, "HOME": os.environ.get("HOME", "/"), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
        check=False,
    )


def test_old_python_is_refused_with_what_to_do(tmp_path: Path) -> None:
    old = program(tmp_path / "bin", "python3", 'if [ "$1" = -V ]; then echo Python 3.9.2; else exit 1; fi')
    done = run(ROOT / "scripts" / "make-venv", tmp_path / "venv", PYTHON=str(old))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stdout
    assert "Python 3.9.2" in done.stdout
    assert "apt-get install python3" in done.stdout


def test_broken_environment_is_made_anew_and_a_working_one_kept(tmp_path: Path) -> None:
    (tmp_path / "venv").mkdir()
    program(tmp_path / "venv" / "bin", "python", "exit 1")
    make = [ROOT / "scripts" / "make-venv", tmp_path / "venv"]
    first = run(*make, PYTHON=sys.executable)
    assert first.returncode == 0, first.stdout
    assert run(tmp_path / "venv" / "bin" / "python", "-c", "import pip; print('works')").stdout == "works\n"
    again = run(*make, PYTHON=sys.executable)
    assert (again.returncode, again.stdout) == (0, "")


def test_new_node_of_the_machine_is_used(tmp_path: Path) -> None:
    program(tmp_path / "bin", "node", "echo v24.1.0")
    program(tmp_path / "bin", "npm", "echo 11.2.0")
    done = run(ROOT / "scripts" / "with-node", "sh", "-c", "command -v node", PATH=f"{tmp_path}/bin:{SYSTEM_PATH}")
    assert done.stdout.strip() == f"{tmp_path}/bin/node"


@pytest.mark.parametrize("node,npm", [("v18.19.0", "11.2.0"), ("v22.4.0", "10.9.0"), ("", "")])
def test_old_node_of_the_machine_is_passed_over(tmp_path: Path, node: str, npm: str) -> None:
    (tmp_path / "scripts").mkdir()
    script = program(tmp_path / "scripts", "with-node", "")
    script.write_text((ROOT / "scripts" / "with-node").read_text(encoding="utf-8"), encoding="utf-8")
    program(tmp_path / ".venv", "x", "").parent.joinpath("node").mkdir()
    bundled = program(tmp_path / ".venv" / "node" / "bin", "node", "echo v24.19.0")
    program(tmp_path / "bin", "node", f"echo {node}")
    program(tmp_path / "bin", "npm", f"echo {npm}")
    done = run(script, "sh", "-c", "command -v node", PATH=f"{tmp_path}/bin:{SYSTEM_PATH}")
    assert done.stdout.strip() == str(bundled)


def test_help_describes_every_public_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (help .*)$", text, re.MULTILINE)
    assert phony
    shown = run("make", "--silent", "-C", ROOT, "help").stdout
    assert set(phony[1].split()) == set(re.findall(r"make (\w+)", shown))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_lock_pins_every_package_by_hash_and_names_no_place(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==\S+ \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE)
    assert pins
    assert len(pins) == len(re.findall(r"^[\w.-]+[=<>!~ ]", text, re.MULTILINE))
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:/|/tmp|/home|/root", text)


def test_locks_have_every_package_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "run": project["project"]["dependencies"],
        "build": project["build-system"]["requires"],
        **project["dependency-groups"],
    }
    assert set(wanted) == {lock.stem for lock in LOCKS}
    for name, requirements in wanted.items():
        text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").lower()
        for requirement in requirements:
            package = re.split(r"[\[<>=~! ]", requirement)[0].lower()
            spelled = re.escape(package).replace(r"\.", "[.-]")
            assert re.search(rf"^{spelled}==", text, re.MULTILINE), f"{package}: run make lock"


def test_ci_runs_what_developers_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert run("bash", "-n", script).returncode == 0
    assert re.search(r"^exec make test\b", script.read_text(encoding="utf-8"), re.MULTILINE)
