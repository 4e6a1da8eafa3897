"""What buyers write beside a code, or instead of it."""

# <m> stands for the code.
AROUND = (
    "<m>", "<m>", "<m>", "thanh toan <m>", "<m> thanh toan don hang", "<m> NGUYEN VAN A", "Ck <m> cam on shop",
    "mua hang OCOP <m>", "NGUYEN VAN A chuyen tien <m>", "<m> 0901234567", "don OCOP 4 sao ma <m> nhe",
    "HTX OCOP Dong Thap <m>", "tra tien sau rieng <m> giao ve Cao Lanh",
)  # fmt: skip
# Where the buyer did not write the prefix: these words must not supply it.
WITHOUT_OCOP = tuple(phrase for phrase in AROUND if "OCOP" not in phrase)
MARKED = (
    "Thanh toán đơn hàng <m>", "Chị Ơn chuyển tiền mua ổi <m>", "<m> tiền cọc xoài cát Hòa Lộc", "Ủng hộ bà con <m> ạ",
    "Cảm ơn shop, đơn OCOP <m>", "Đặng Thị Ưu trả tiền <m> đợt 2",
)  # fmt: skip
SLIPS = (
    "thanh toasn ddown hafng <m>", "chuyeenr tieefn mua oori <m>", "<m> camr own shop", "Tuwj tra ddonw OCOPS <m>",
)  # fmt: skip
# Before a code that is cut: nothing of the buyer follows.
BEFORE = ("<m>", "<m>", "thanh toan <m>", "NGUYEN VAN A chuyen tien <m>", "mua hang OCOP <m>", "Thanh toán <m>")

NO_CODE = (
    "NGUYEN VAN A chuyen tien", "chuyen khoan", "tien hang", "mua sau rieng", "Tra no", "ck", "Ung ho dong bao bi lu",
    "TRAN LE HOANG GIANG chuyen tien qua MoMo", "hoc phi lop 4A", "tien nha thang 11", "CT tu 0071001104341 toi 0011",
    "NODATA", "Lai nhap goc", "Thu phi SMS thang 10", "cam on shop nhieu", "dat coc 50%", "chuyen tien mua oc",
    "thanh toan don hang so 17", "Chuyển tiền mua chè Tân Cương", "đặt 2 kg nem Lai Vung", "hoan tien", "quy vac xin",
)  # fmt: skip
LIKE_CODES = (
    "mua hang OCOP", "san pham OCOP 4 SAO", "OCOP4SAO", "OCOP 5 sao tinh Dong Thap", "HTX OCOP TAN PHUOC", "OCOP2026",
    "OCOPDONGTHAP", "OCOP-2026-0001", "mua com tam OCOP", "COPY don hang cu", "COOP MART SA DEC", "HTX COOP FOOD",
    "hoc o Phong Dien", "oc op la", "ocop ocop ocop", "OCOP", "O C O P", "0C0P", "chuong trinh OCOP 2026 dot 2",
    "OCOP 0901234567", "CT OCOP NGUYEN VAN A chuyen tien", "Quy OCOP 120000", "OCOP sau rieng", "nuoc mam OCOP 5SAO",
    "SAO OCOP 3SAOVANG", "OCOPOCOPOCOP", "tien ve OCOP EXPO24", "OCOP HOA KIENG SA DEC 2026",
)  # fmt: skip
NUMBERS = (
    "0901234567", "1234567", "FT24255276428461", "079089001234", "9704366812345678901", "29112026", "1.250.000",
    "000001", "4242424242424242", "8934567", "2345678 9", "+84901234567", "17", "120924-23:21:31", "3278907687",
)  # fmt: skip
# Codes of other shops and tools, in the shapes seen in public programs.
STRANGERS = (
    "DH0102", "SEVQR TKP155 GODIFA202511070121", "QRTBLB1A2C3D4", "ETM7K2QF9XA", "KH3SUB1A2B3C4D", "NT8F3K2Q",
    "CS2811HD", "YH20260115C3GH2H", "STMDT14", "B2411250004", "CINE26092310043912", "WEB032679537411", "NF 2508ROBLOX",
    "BB-2026-a1b2-c3d4", "LD25101500009", "PDCMS25123001", "TOPUP1699999999ABCD1234", "VYC591A600B671", "R2KXYZF",
    "AMT1780089184466B9A", "naptien 13683", "DT7K3M9QZA", "DT-7K3M-9QZA", "HD105", "PT25", "CF00000042",
)  # fmt: skip
ODD = ("", " ", "\n", ".", "&nbsp;", "&", "-", "???", "\u200b", "😀😀", "ＮＧＵＹＥＮ", "\x00", "نقل", "汇款", "%20%20")
