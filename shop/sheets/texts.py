"""What people read about a sheet: what is wrong with a file, with a row, and what to do about it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.listings.fields import LIMITS
from shop.sheets.columns import BY_NAME

#: How to fill in each column; in the file, so in Vietnamese like its headings.
NOTES = {
    "Chung": "Mỗi dòng là một món hàng. Ô để trống thì không đổi gì. Không dùng công thức, không gộp ô.",
    "sku": "Để trống cho hàng mới. Hàng đã có: giữ nguyên mã khi xuất ra, đừng đổi.",
    "title": f"Tên hàng, tối đa {LIMITS['title']} chữ. Bắt buộc với hàng mới.",
    "title_en": "Không bắt buộc. Khách nước ngoài sẽ đọc tên này.",
    "summary_vi": f"Hàng có gì đặc biệt, tối đa {LIMITS['summary_vi']} chữ.",
    "ocop_set": "Chọn trong danh sách, hoặc ghi số từ 1 đến 26. Để trống thì đoán theo tên.",
    "ward_code": "Chọn xã, phường trong danh sách. Để trống thì lấy xã của hợp tác xã.",
    "unit_vi": "Giá tính cho một đơn vị nào: kg, hộp, chai …",
    "size": "Chỉ điền khi cùng một món có nhiều cỡ (túi 500 g, túi 1 kg): mỗi cỡ một dòng, cùng mã hàng hoặc cùng tên.",
    "net_weight_g": "Khối lượng hàng của một đơn vị, tính bằng gam: 1 kg ghi 1000.",
    "ship_weight_g": "Khối lượng cả bao bì, tính bằng gam. Để trống thì tự tính.",
    "price": "Giá một đơn vị, đồng chẵn: 120000 hoặc 120.000.",
    "stock": "Còn bán được bao nhiêu.",
    "season": "Các tháng có hàng: 1-3, 7. Có cả năm thì ghi: quanh năm.",
    "ingredients_vi": "Ghi như trên nhãn.",
    "storage_vi": "Ví dụ: ngăn mát tủ lạnh.",
    "shelf_life_vi": "Ví dụ: 6 tháng kể từ ngày sản xuất.",
    "max_transit_days": "Hàng chịu được mấy ngày trên đường. Để trống: bao lâu cũng được.",
    "photos": "Tên tập tin hình trong tập tin zip gửi kèm, cách nhau bằng dấu chấm phẩy: xoai-1.jpg; xoai-2.jpg",
    "state": "Hàng mới: Nháp hoặc Chờ duyệt. Hàng đang bán: Tạm nghỉ hoặc Đang bán. Lưu kho: không bán nữa.",
}

FILE_TEXTS = {
    "empty": gettext_lazy("The file is empty. Please choose another one."),
    "huge": gettext_lazy("The file is larger than 5 MB. Please split it into two sheets."),
    "bomb": gettext_lazy("The file unpacks to far more than a list of goods holds. Please save it again as .xlsx."),
    "encrypted": gettext_lazy("The file has a password. Open it, save it without one, and upload that."),
    "old_excel": gettext_lazy("This is the old Excel format. Open it, save it as .xlsx, and upload that."),
    "pdf": gettext_lazy("This is a PDF. Please upload Excel (.xlsx) or CSV."),
    "html": gettext_lazy("This is a web page. Please upload Excel (.xlsx) or CSV."),
    "not_a_workbook": gettext_lazy("This is not an Excel file. Please upload .xlsx or CSV; pictures go separately."),
    "not_a_table": gettext_lazy("No table was found in this file. Please upload Excel (.xlsx) or CSV."),
    "broken": gettext_lazy("The Excel file is damaged. Open it, save it again as .xlsx, and upload that."),
    "unsafe": gettext_lazy("The Excel file holds parts that no list of goods needs. Please save it again as .xlsx."),
    "encoding": gettext_lazy("The letters of this file cannot be read. Please save it as .xlsx."),
    "too_many_rows": gettext_lazy("The file has more than 10,000 rows. Please split it into two sheets."),
    "too_many_columns": gettext_lazy("Row %(row)s has more than 60 columns. Please use our template."),
    "long_cell": gettext_lazy("Row %(row)s cannot be read. Is a quotation mark missing there?"),
    "headings": gettext_lazy("The headings of the columns were not found. Please use our template."),
    "zip_broken": gettext_lazy("The zip file is damaged. Please make it again."),
    "zip_bomb": gettext_lazy("The zip file unpacks to far more than pictures hold. Please put only pictures into it."),
    "zip_path": gettext_lazy("The zip file holds names that lead outside of it. Please make it again."),
    "zip_nested": gettext_lazy("There is another archive inside the zip file. Please put only pictures into it."),
    "zip_encrypted": gettext_lazy("The zip file has a password. Please make it again without one."),
    "zip_huge": gettext_lazy("A picture in the zip file is larger than 50 MB. Please make it smaller."),
    "zip_many": gettext_lazy("There are more than 2,000 files in the zip file. Please split it."),
    "zip_size": gettext_lazy("The zip file is larger than 200 MB. Please split it into two."),
}  # fmt: skip


def file_text(code: str, row: int | None = None) -> str:
    """Why a file cannot be taken, and what to do."""
    return str(FILE_TEXTS.get(code, FILE_TEXTS["not_a_table"])) % {"row": row or "?"}


def fault_text(problem: Sequence[Any]) -> str:
    """``[column, code, text]`` of a row in words: which column, what is wrong, what to do."""
    column, code, text = problem
    heading = BY_NAME[column].heading if column in BY_NAME else ""
    words = _fault(code, text)
    return f"{heading}: {words}" if heading else words


def _fault(code: str, text: str) -> str:
    shown = {"text": text}
    found = _cell_fault(code, shown) or _row_fault(code, shown)
    return found or _("That is not possible now. Please look at the product.")


def _cell_fault(code: str, shown: dict[str, str]) -> str:
    texts = {
        "formula": _("there is a formula. Please put in its value."),
        "date": _("Excel made a date of it (%(text)s). Format the cell as text and type it again."),
        "too_long": _("the text is too long, %(text)s characters at most. Please make it shorter."),
        "price": _("“%(text)s” is not a price in whole dong. Type it like 120000 or 120.000."),
        "stock": _("“%(text)s” is not a number of goods. Type it like 20."),
        "weight": _("“%(text)s” is not a weight in grams. 1 kg is 1000."),
        "days": _("“%(text)s” is not a number of days from 1 to 60."),
        "set": _("“%(text)s” is none of the 26 sets. Please choose from the list."),
        "ward": _("“%(text)s” is no commune of your province. Please choose from the list."),
        "season": _("“%(text)s” are no months. Type them like 1-3, 7, or: quanh năm."),
        "state_word": _("“%(text)s” is none of the states. Please choose from the list."),
        "photos": _("ten pictures are enough."),
        "photo_name": _("“%(text)s” is not the name of a file. Leave out folders."),
        "photo_missing": _("“%(text)s” is not in the zip file. Please add it, or correct the name."),
        "photo_twice": _("“%(text)s” is in the zip file twice. Please rename one."),
        "photo_broken": _("“%(text)s” is not a picture that can be opened."),
        "required": _("the name is missing. If cells are merged, take them apart."),
    }
    return texts[code] % shown if code in texts else ""


def _row_fault(code: str, shown: dict[str, str]) -> str:
    texts = {
        "unknown": _("there are no goods with the code “%(text)s”. Leave the cell empty for new goods."),
        "archived": _("these goods are in the archive. Take them out first."),
        "ambiguous": _("several goods have this name. Please write the code."),
        "twice": _("the same goods are in row %(text)s already. Please delete one of the rows."),
        "exists": _("goods of this name were added meanwhile. Please write their code."),
        "gone": _("these goods are not there any more."),
        "state_new": _("new goods start as “Nháp” or “Chờ duyệt”."),
        "state": _("that is not possible from “%(text)s”."),
        "size_missing": _("these goods are sold in sizes. Please write which one."),
        "size_weight": _("a size needs its weight in grams."),
        "size_price": _("a size needs its price."),
        "weights": _("the weight with packing is less than the goods themselves, or more than 200 kg."),
        "held": _("open orders hold some of this size: its weight cannot be changed."),
        "too_many": _("twelve sizes are enough."),
        "same_label": _("there is a size of that name already."),
        "stock_moved": _("somebody has ordered meanwhile: %(text)s are left. Please look, and type the number again."),
        "kept_draft": _("kept as a draft: something that the province asks for is missing. Please open it and look."),
    }
    return texts[code] % shown if code in texts else ""
