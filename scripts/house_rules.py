"""The house's own rules, checked on the syntax tree. `make check` runs it; no other linter has them.

    house_rules.py [FOLDER]

prints one line for every breach and ends with 1 when there is one.
"""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

PACKAGES = ("countyread", "dicom_gateway", "reading_queue", "viewer_api", "storage")

COMMIT_HOME = "storage/db/session.py"
CLOCK_HOME = "storage/domain/clock.py"

WALL_CLOCK_CALLS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}
LOG_METHODS = {"debug", "info", "warning", "error", "critical", "exception", "log"}
LOGGER_NAMES = {"log", "logger", "logging"}
PATIENT_FIELDS = {
    "accession_number",
    "birth_date",
    "family_name",
    "given_name",
    "id_number",
    "other_patient_ids",
    "patient_address",
    "patient_birth_date",
    "patient_id",
    "patient_name",
    "patient_names",
    "person_name",
    "phone",
    "telephone",
}

ALLOWED_IMPORTS: dict[str, frozenset[str]] = {
    "storage/domain": frozenset({"storage.domain"}),
    "reading_queue/preprocessing": frozenset(
        {"PIL", "imagecodecs", "numpy", "pydicom", "reading_queue.preprocessing", "scipy", "skimage", "storage.domain"}
    ),
}
"""Folders that may import the standard library and these, and nothing else."""


@dataclass(frozen=True)
class Breach:
    """Where a rule is broken, and what to do instead."""

    path: PurePosixPath
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.advice}"


Finding = tuple[ast.AST, str]
Rule = Callable[[PurePosixPath, ast.Module], Iterator[Finding]]


def commits_at_the_edge(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """One transaction for a request or a task, committed by the unit of work."""
    if not in_packages(path) or str(path) == COMMIT_HOME:
        return
    for call in calls(tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit":
            yield call, f"only {COMMIT_HOME} commits; use the unit of work, and flush() where an id is needed"


def no_wall_clock(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """Time comes from the clock that is passed in, so that tests can move it."""
    if not in_packages(path) or str(path) == CLOCK_HOME:
        return
    imported = imported_names(tree)
    for call in calls(tree):
        name = ".".join(imported.get(part, part) if i == 0 else part for i, part in enumerate(dotted(call.func)))
        if ".".join(name.split(".")[-2:]) in WALL_CLOCK_CALLS:
            yield call, "take a storage.domain.clock.Clock and ask it for the time"


def no_formatting_in_log_calls(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """A log line is a constant text with arguments, so that lines of one kind can be counted and found."""
    for call in log_calls(tree):
        if call.args and any(is_formatted(argument) for argument in call.args):
            yield call, 'write log.info("stored %s", uid): the text is constant and the arguments come after it'


def no_patients_in_logs(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """No patient data in logs, in any form."""
    if not in_packages(path):
        return
    for call in log_calls(tree):
        for name in names_in([*call.args, *(keyword.value for keyword in call.keywords)]):
            if snake_case(name) in PATIENT_FIELDS:
                yield call, f"{name} is patient data; log a UID or an id of ours"


def no_sleep_in_tests(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """A test waits for a condition, with a deadline."""
    if path.parts[0] != "tests" or str(path) == "tests/services/waiting.py":
        return
    imported = imported_names(tree)
    for call in calls(tree):
        parts = dotted(call.func)
        if parts and ".".join([imported.get(parts[0], parts[0]), *parts[1:]]) in {"time.sleep", "asyncio.sleep"}:
            yield call, "use tests.services.waiting.wait_until, or an event with a timeout"


def imports_of_pure_folders(path: PurePosixPath, tree: ast.Module) -> Iterator[Finding]:
    """The domain is the standard library alone; preprocessing is arrays in, arrays out."""
    for folder, allowed in ALLOWED_IMPORTS.items():
        if not path.is_relative_to(folder):
            continue
        for node, module in imported_modules(tree):
            if not (module.split(".")[0] in sys.stdlib_module_names or is_within(module, allowed)):
                yield (
                    node,
                    f"{folder} may not import {module}; allowed: the standard library, {', '.join(sorted(allowed))}",
                )


RULES: tuple[Rule, ...] = (
    commits_at_the_edge,
    no_wall_clock,
    no_formatting_in_log_calls,
    no_patients_in_logs,
    no_sleep_in_tests,
    imports_of_pure_folders,
)


def in_packages(path: PurePosixPath) -> bool:
    return path.parts[0] in PACKAGES


@lru_cache(maxsize=1)
def calls_and_imports(tree: ast.AST) -> tuple[list[ast.Call], list[ast.Import | ast.ImportFrom]]:
    """What the rules ask for, of one walk: each rule's own took most of the time."""
    nodes = list(ast.walk(tree))
    return (
        [node for node in nodes if isinstance(node, ast.Call)],
        [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)],
    )


def calls(tree: ast.AST) -> list[ast.Call]:
    return calls_and_imports(tree)[0]


def log_calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls like ``log.info(...)``, ``self._logger.warning(...)``, ``logging.error(...)``."""
    for call in calls(tree):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in LOG_METHODS:
            continue
        parts = dotted(call.func)
        if len(parts) > 1 and parts[-2].strip("_").lower() in LOGGER_NAMES:
            yield call


def dotted(node: ast.AST) -> list[str]:
    """``a.b.c`` as its parts; empty for anything else."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return [*head, node.attr] if head else []
    return []


def is_formatted(node: ast.AST) -> bool:
    """An f-string, ``"..." % x``, ``"..." + x`` or ``"...".format(x)``."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return any(is_text(side) or is_formatted(side) for side in (node.left, node.right))
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
        and is_text(node.func.value)
    )


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def names_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Every variable, attribute and string key that the expressions read."""
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Subscript) and is_text(node.slice):
            yield str(ast.literal_eval(node.slice))
        elif isinstance(node, ast.Dict):
            yield from (str(ast.literal_eval(key)) for key in node.keys if key is not None and is_text(key))


def snake_case(name: str) -> str:
    """``PatientName`` as ``patient_name``; DICOM keywords and our own names are then alike."""
    humps = "".join(
        f"_{letter}" if letter.isupper() and index and not name[index - 1].isupper() else letter
        for index, letter in enumerate(name)
    )
    return humps.replace("__", "_").lower().strip("_")


def imported_names(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for, as ``{"sleep": "time.sleep", "dt": "datetime"}``."""
    names: dict[str, str] = {}
    for node in calls_and_imports(tree)[1]:
        if isinstance(node, ast.Import):
            names.update({alias.asname: alias.name for alias in node.names if alias.asname})
        elif node.module and not node.level:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def imported_modules(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for node in calls_and_imports(tree)[1]:
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif node.module and not node.level:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def is_within(module: str, allowed: Iterable[str]) -> bool:
    return any(module == home or module.startswith(f"{home}.") for home in allowed)


def breaches(path: PurePosixPath, source: str) -> list[Breach]:
    """Every breach in one file; ``path`` is relative to the root of the repository."""
    tree = ast.parse(source, filename=str(path))
    return [
        Breach(path, getattr(node, "lineno", 1), rule.__name__.replace("_", "-"), advice)
        for rule in RULES
        for node, advice in rule(path, tree)
    ]


def checked_files(root: Path) -> Iterator[Path]:
    for folder in (*PACKAGES, "tests", "bench"):
        files = (file for file in (root / folder).rglob("*.py") if "node_modules" not in file.parts)
        yield from sorted(files)


def main(arguments: list[str]) -> int:
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    found = [
        breach
        for file in checked_files(root)
        for breach in breaches(PurePosixPath(file.relative_to(root).as_posix()), file.read_text(encoding="utf-8"))
    ]
    for breach in found:
        print(breach)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
