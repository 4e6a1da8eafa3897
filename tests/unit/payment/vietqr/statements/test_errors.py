import ast
import inspect
import re
from pathlib import Path

import pytest
from django.utils.translation import override

from shop.payment.vietqr import statements
from shop.payment.vietqr.statements import Problem, StatementError, error_text, problem_text
from shop.payment.vietqr.statements.errors import ERRORS, PROBLEMS

FOLDER = Path(inspect.getfile(statements)).parent


def raised(name: str) -> set[str]:
    """First arguments of every ``name("...")`` in the package."""
    calls = (
        node
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    )
    return {text.value for call in calls for text in ast.walk(call.args[0]) if isinstance(text, ast.Constant)}


def test_every_code_has_a_text_and_is_documented():
    assert raised("StatementError") - {"XML"} <= set(ERRORS)
    assert raised("ValueProblem") == set(PROBLEMS)
    for code in ERRORS:
        assert f"``{code}``" in StatementError.__doc__
    for code in PROBLEMS:
        assert f"``{code}``" in Problem.__doc__


@pytest.mark.parametrize("code", ERRORS)
def test_texts_of_errors(code):
    with override("en"):
        text = error_text(StatementError(code, "secret detail", row=17))
    assert "%" not in text
    assert "secret" not in text
    assert ("17" in text) == ("%(row)s" in str(ERRORS[code]))


@pytest.mark.parametrize("code", PROBLEMS)
def test_texts_of_problems(code):
    with override("en"):
        text = problem_text(Problem(17, code, "100%"))
    assert text.startswith("Row 17")
    assert ("100%" in text) == ("%(text)s" in str(PROBLEMS[code]))


def test_an_error_without_a_row_has_a_text():
    with override("en"):
        assert error_text(StatementError("too_many_columns")) == "Row ? has more than 60 columns."


def test_messages_are_english():
    for text in (*ERRORS.values(), *PROBLEMS.values()):
        assert not re.search("[ăâđêôơưáàảãạ]", text._args[0] if hasattr(text, "_args") else str(text))
