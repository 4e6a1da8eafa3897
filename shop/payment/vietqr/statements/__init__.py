"""Statements of any bank in Viet Nam, from an uploaded file to its movements. No database, no network, no clock but
the one that dates in the future are measured by."""

from shop.core.tables.export import csv_safe
from shop.core.tables.table import Table
from shop.payment.vietqr.statements.errors import Problem, StatementError, error_text, problem_text
from shop.payment.vietqr.statements.keys import StatementLine
from shop.payment.vietqr.statements.lines import Reading, lines_of
from shop.payment.vietqr.statements.mapping import Mapping, mapping_by_hand, mapping_guess
from shop.payment.vietqr.statements.reading import table_read

__all__ = [
    "Mapping",
    "Problem",
    "Reading",
    "StatementError",
    "StatementLine",
    "Table",
    "csv_safe",
    "error_text",
    "lines_of",
    "mapping_by_hand",
    "mapping_guess",
    "problem_text",
    "table_read",
]
