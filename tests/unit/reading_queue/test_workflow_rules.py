"""Every rule of the workflow has a test that proves it: it is there, it runs, and it says what must hold."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.unit.reading_queue.workflow_rules import RULES

_TESTS = Path(__file__).parents[2]


@cache
def _functions(file: str) -> dict[str, ast.FunctionDef]:
    path = _TESTS / file
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _proves(file: str, name: str) -> bool:
    """Whether the test is there, is not skipped, and asserts something, itself or by what it calls in its file."""
    functions = _functions(file)
    test = functions.get(name)
    if test is None or any("skip" in ast.unparse(one) or "xfail" in ast.unparse(one) for one in test.decorator_list):
        return False
    called = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)} & functions.keys()
    return any(_asserts(functions[one]) for one in (name, *called))


def _asserts(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Assert) or "raises" in ast.unparse(node) for node in ast.walk(function))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_test_that_proves_it(rule: str):
    tests = RULES[rule]
    assert tests, f"nothing proves that {rule}"
    assert [one for one in tests if not _proves(*one.split("::"))] == [], f"not there, or asserting nothing: {rule}"


def test_a_rule_without_a_test_would_be_found():
    here = f"unit/reading_queue/{Path(__file__).name}"
    assert _proves(here, test_a_rule_has_a_test_that_proves_it.__name__)
    assert not _proves(here, "test_that_nobody_wrote")
    assert not _proves("unit/reading_queue/test_that_is_not_there.py", "test_a_rule_has_a_test_that_proves_it")
