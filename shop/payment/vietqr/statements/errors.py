"""What can be wrong with a statement as a whole, or with one of its rows, and how to say so."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from shop.core.tables.errors import TableError

ERRORS = {
    "empty": _("The file is empty."),
    "huge": _("The file is larger than 5 MB. Export fewer days at a time."),
    "bomb": _("The file unpacks to far more than a bank statement holds. Export it again from your bank."),
    "encrypted": _("The file is protected by a password. Open it, save it without a password and upload that."),
    "old_excel": _("This is the old Excel format. Open it, save it as .xlsx or CSV and upload that."),
    "pdf": _("This is a PDF. Export the statement as Excel or CSV from your bank."),
    "html": _("This is a web page without a table. Export the statement as Excel or CSV from your bank."),
    "not_a_workbook": _("This is an archive or another kind of document, not an Excel workbook."),
    "not_a_table": _("No table was found in this file. Export the statement as Excel or CSV from your bank."),
    "broken": _("The Excel file is damaged. Open it, save it again as .xlsx and upload that."),
    "unsafe": _("The Excel file holds definitions that no statement needs. Export it again from your bank."),
    "encoding": _("The letters of this file cannot be read. Save it as CSV in UTF-8, or as .xlsx."),
    "too_many_rows": _("The file has more than 20,000 rows. Export fewer days at a time."),
    "too_many_columns": _("Row %(row)s has more than 60 columns."),
    "long_cell": _("Row %(row)s has a cell of more than 2,000 characters. Is a quotation mark missing there?"),
    "mapping": _("These columns do not fit the file. Choose them again."),
    "imported": _("This file was imported before."),
}

PROBLEMS = {
    "date": _("Row %(row)s: “%(text)s” is not a date."),
    "future": _("Row %(row)s: %(text)s is in the future. Is the order of day and month right?"),
    "old": _("Row %(row)s: %(text)s is more than five years ago."),
    "mixed_dates": _(
        "Row %(row)s: day and month of %(text)s may be swapped, because another program changed some dates of this "
        "file. Upload it as your bank gave it."
    ),
    "amount": _("Row %(row)s: “%(text)s” is not an amount of dong."),
    "fraction": _("Row %(row)s: %(text)s is not a whole number of dong."),
    "no_amount": _("Row %(row)s has a date but no amount."),
    "both": _("Row %(row)s has money in and money out at once."),
    "negative": _("Row %(row)s: money in is negative (%(text)s)."),
    "direction": _("Row %(row)s: “%(text)s” does not say whether money came in or went out."),
}


#: The file cannot be read as a statement; nothing of it was taken.
StatementError = TableError


@dataclass(frozen=True)
class Problem:
    """A row that was not taken. ``row`` counts from 1; ``text`` is the cell to blame, at most 80 characters of it.

    ``code``: ``date`` (none, or no such day), ``future`` (more than two days ahead), ``old`` (more than five years),
    ``mixed_dates`` (a spreadsheet turned some dates of the column into its own, perhaps with day and month swapped),
    ``amount`` (not a number we can be sure of), ``fraction`` (of a dong), ``no_amount``, ``both`` (in and out at once),
    ``negative`` (money in below zero) or ``direction`` (an unknown sign).
    """

    row: int
    code: str
    text: str = ""


class ValueProblem(ValueError):
    """A cell that cannot be taken for what its column says; ``code`` as in :class:`Problem`."""

    def __init__(self, code: str, text: object = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = str(text)[:80]


def error_text(error: StatementError) -> str:
    """What to tell the person who uploaded the file, in the language that is active."""
    return str(ERRORS.get(error.code, ERRORS["not_a_table"])) % {"row": error.row or "?"}


def problem_text(problem: Problem) -> str:
    """What to tell about a row that was not taken, in the language that is active."""
    return str(PROBLEMS[problem.code]) % {"row": problem.row, "text": problem.text}
