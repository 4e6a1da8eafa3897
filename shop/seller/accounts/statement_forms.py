"""An uploaded statement, and which of its columns is what."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.cooperatives.models import Cooperative
from shop.core.tables.table import MAX_BYTES
from shop.payment.vietqr.statements import Mapping, StatementError, Table, error_text, mapping_by_hand
from shop.payment.vietqr.statements.mapping import COLUMNS, looks_like_data
from shop.payment.vietqr.statements.values import text_of

LABELS = {
    "date": gettext_lazy("Date"),
    "memo": gettext_lazy("Memo"),
    "credit": gettext_lazy("Money in"),
    "debit": gettext_lazy("Money out"),
    "amount": gettext_lazy("Amount, in and out in one column"),
    "sign": gettext_lazy("In or out"),
    "reference": gettext_lazy("Reference"),
    "payer_name": gettext_lazy("Payer's name"),
    "payer_number": gettext_lazy("Payer's account"),
    "time": gettext_lazy("Time, in a column of its own"),
    "balance": gettext_lazy("Balance"),
}
MAIN = ("heading", "date", "memo", "credit", "debit", "amount")
#: Characters of a heading and of an example in a select.
HEADING_LENGTH, EXAMPLE_LENGTH = 28, 20


class UploadForm(forms.Form):
    """The file and the account that it is about."""

    account = forms.ChoiceField(
        label=gettext_lazy("Which account is it about?"),
        error_messages={
            "required": gettext_lazy("Please choose the account."),
            "invalid_choice": gettext_lazy("Please choose the account."),
        },
    )
    file = forms.FileField(
        label=gettext_lazy("Statement: Excel or CSV"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt,.tsv,.html"}),
        allow_empty_file=True,
        error_messages={
            "required": gettext_lazy("Please choose the file."),
            "missing": gettext_lazy("Please choose the file."),
            "invalid": gettext_lazy("Please choose the file."),
        },
    )

    def __init__(self, *args: Any, cooperative: Cooperative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = [account for account in cooperative.bank_accounts.order_by("-pk") if account.receives]
        choices = {row.number: f"{row.bank_name} {row.number}" for row in reversed(accounts)}
        self.fields["account"].choices = list(reversed(choices.items()))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(error_text(StatementError("huge")))
        return file


class ColumnsForm(forms.Form):
    """Which column is what; every choice is a column of the table."""

    heading = forms.IntegerField(
        label=gettext_lazy("Row of the headings"),
        min_value=0,
        max_value=20_000,
        error_messages={
            name: gettext_lazy("Please type the number of the row, 0 for none.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )

    def __init__(self, data: Any, *, table: Table, mapping: Mapping | None) -> None:
        initial = mapping_initial(mapping) if mapping else {"heading": first_of_data(table)}
        super().__init__(data, initial=initial)
        self.table, self.guess = table, mapping
        choices = [("", "–"), *column_choices(table, initial["heading"])]
        for role, label in LABELS.items():
            self.fields[role] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=role == "date",
                error_messages={"required": _("Please choose the column of the date.")},
            )
        self.fields["date_format"] = forms.ChoiceField(
            label=_("Dates are written"), choices=[("dmy", _("day/month/year")), ("mdy", _("month/day/year"))]
        )

    @property
    def main(self) -> list[forms.BoundField]:
        """What nearly every file needs."""
        return [self[name] for name in MAIN]

    @property
    def rest(self) -> list[forms.BoundField]:
        """What few files need."""
        return [bound for bound in self if bound.name not in MAIN]

    @property
    def is_rest_wrong(self) -> bool:
        return any(bound.errors for bound in self.rest)

    def mapping(self) -> Mapping | None:
        """The columns chosen, or the guess as it was; None with errors in the form when they cannot be read."""
        if not self.is_bound:
            return self.guess
        if not self.is_valid():
            return None
        if self.guess and not self.has_changed_from_guess():
            return self.guess
        columns = {role: int(self.cleaned_data[role]) if self.cleaned_data[role] else None for role in COLUMNS}
        try:
            return mapping_by_hand(
                self.table,
                header_row=self.cleaned_data["heading"] - 1,
                columns=columns,
                date_format=self.cleaned_data["date_format"],
            )
        except StatementError as error:
            self.add_error(error.detail if error.detail in self.fields else None, column_error(error))
            return None

    def has_changed_from_guess(self) -> bool:
        """Whether somebody chose otherwise; the guess may know more, such as headings in two rows."""
        return any(str(self.cleaned_data[name]) != str(value) for name, value in mapping_initial(self.guess).items())

    def values(self, mapping: Mapping) -> dict[str, Any]:
        """What a form has to send for this mapping."""
        return self.cleaned_data if self.is_bound else mapping_initial(mapping)


def mapping_initial(mapping: Mapping) -> dict[str, Any]:
    """A mapping in the words of the form; the row is the last one of the headings, counted from 1."""
    columns = {role: "" if (at := getattr(mapping, role)) is None else str(at) for role in COLUMNS}
    heading = mapping.header_row + mapping.header_rows if mapping.header_row >= 0 else 0
    return columns | {"heading": heading, "date_format": mapping.date_format}


def first_of_data(table: Table) -> int:
    """Index of the first row with a date or an amount: so many rows are above it, the headings the last of them."""
    found = (index for index, row in enumerate(table.rows) if looks_like_data(row) and len(row) > 2)
    return next(found, 0)


def column_choices(table: Table, heading: int) -> list[tuple[str, str]]:
    """The columns by letter as Excel shows them, with heading and an example: ``B: Ngày giao dịch (20/11/2026)``."""
    return [(str(column), column_label(table, heading, column)) for column in range(table.width)]


def column_label(table: Table, heading: int, column: int) -> str:
    """One column in words."""
    title = text_of(table.cell(heading - 1, column))[:HEADING_LENGTH]
    below = (text_of(row[column]) for row in table.rows[heading : heading + 5] if column < len(row))
    example = next((text for text in below if text), "")[:EXAMPLE_LENGTH]
    parts = [title, f"({example})" if title and example else example]
    return f"{letters(column)}: " + (" ".join(part for part in parts if part) or "–")


def letters(column: int) -> str:
    """0 is A, 26 is AA."""
    first, last = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def column_error(error: StatementError) -> str:
    """What is wrong with the choice of columns."""
    texts = {
        "credit": _("Choose either money in, or one column for both, not both and not none."),
        "debit": _("Money out belongs to money in, not to one column for both."),
        "columns": _("Two of these are the same column, or one is not in the file."),
    }
    return texts.get(error.detail, error_text(error))
