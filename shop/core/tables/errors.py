"""Why a file cannot be read as a table."""


class TableError(Exception):
    """The file cannot be read as a table; nothing of it was taken.

    ``code`` says why:

    * of the file: ``empty`` (no byte, or no cell with text), ``huge`` (too many bytes), ``encoding`` (none we know);
    * of its kind: ``pdf``, ``old_excel`` (.xls, or Excel's old XML), ``encrypted`` (needs a password), ``html`` (a web
      page without a table), ``not_a_workbook`` (an archive of something else), ``not_a_table`` (pictures, programs,
      running text);
    * of a workbook: ``bomb`` (too many parts, or they unpack to too much; of any table: far too much text in all),
      ``unsafe`` (declares XML entities), ``broken``;
    * of its cells: ``too_many_rows``, ``too_many_columns``, ``long_cell``;
    * of what a reader makes of it: ``mapping`` (the choice of columns; ``detail`` names the field), ``imported`` (the
      content is gone, because it is in the books), ``headings`` (none that are known).

    ``row`` counts from 1 as Excel shows it, where one row is to blame. ``detail`` is for logs and never from the file.
    """

    def __init__(self, code: str, detail: str = "", row: int | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.row = row
