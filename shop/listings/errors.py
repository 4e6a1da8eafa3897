"""Why something cannot be done to a listing."""


class ListingError(Exception):
    """``code`` names the reason, ``field`` the value that is to blame (a name of ``ListingFields``, or "").

    Values: ``too_long``, ``required``, ``price``, ``stock``, ``weight``, ``season``, ``set``, ``ward``, ``days``.
    State: ``state`` (not possible as it stands), ``incomplete`` (``missing`` lists the fields), ``archived``,
    ``revision`` (somebody changed it since it was read), ``closed`` (the cooperative is not open to shoppers),
    ``reason`` (none given), ``stock_moved`` (``left`` units can be ordered now), ``no_stock_record``.
    """

    def __init__(self, code: str, field: str = "", *, missing: tuple[str, ...] = (), left: int | None = None) -> None:
        super().__init__(f"{code} {field}".strip())
        self.code, self.field, self.missing, self.left = code, field, missing, left
