"""Which of the 26 product sets a name speaks of. A guess that the cooperative sees and may change."""

from shop.core.text import fold

#: Folded words that product names begin with, by set; the longest that is found wins.
WORDS: dict[int, tuple[str, ...]] = {
    1: (
        "xoai", "vu sua", "sau rieng", "buoi", "cam", "quyt", "quit", "thanh long", "nhan", "chom chom", "mang cut",
        "mit", "oi", "chuoi", "dua hau", "khom", "dua gang", "chanh", "man", "sapoche", "sa po che", "hong xiem",
        "mang cau", "du du", "bo sap", "trai", "rau", "cai", "dua leo", "ca chua", "bi do", "khoai", "bap", "nam rom",
        "nam bao ngu", "ngo sen", "cu sen", "bong sung", "bong dien dien", "hanh", "toi", "gung", "nghe tuoi",
        "cu kieu", "kieu tuoi", "ot tuoi", "dua xiem", "dua tuoi",
    ),
    2: (
        "thit", "ca loc", "ca tra", "ca dieu hong", "tom", "cua", "ech", "luon", "trung ga", "trung vit", "trung cut",
        "sua tuoi", "vit song", "ga tha vuon", "ngheu", "so huyet",
    ),
    3: (
        "gao", "nep", "dau xanh", "dau nanh", "dau den", "dau phong", "me", "hat sen", "hat dieu",
    ),
    4: (
        "mat ong", "mat dua", "yen sao", "to yen", "phan hoa", "duong thot not",
    ),
    5: (
        "com chay", "com kho", "banh mi", "xoi", "chao", "sup",
    ),
    6: (
        "bun", "hu tieu", "pho", "mi", "banh trang", "banh phong", "banh tet", "banh it", "banh pia", "banh",
        "com dep", "bot gao", "bot", "nui", "tra gao", "sua gao",
    ),
    7: (
        "mut", "xoai say", "chuoi say", "mit say", "trai cay say", "hat sen say", "say deo", "dua kieu",
        "cu kieu ngam", "cu cai muoi", "keo dua", "keo", "dua mon", "hat dieu rang", "dau phong rang", "khoai say",
        "sen say", "nuoc cot dua",
    ),
    8: (
        "kho ca", "kho", "lap xuong", "nem", "cha lua", "cha ca", "cha", "tom kho", "trung muoi", "mam ca",
        "mam thai", "mam ruoc", "mam tom", "pate", "cha bong", "yen chung",
    ),
    9: (
        "nuoc mam", "nuoc tuong", "tuong", "giam", "dau an", "dau dua", "dau me",
    ),
    10: (
        "muoi", "ot bot", "bot ngot", "sa te", "tieu", "gia vi", "mam me", "bot nghe", "duong", "tuong ot kho",
    ),
    11: (
        "che xanh", "tra xanh", "tra den", "tra o long",
    ),
    12: (
        "tra sen", "tra tam sen", "tra hoa", "tra mang cau", "tra thao moc", "tra dinh lang", "tra gung",
        "tra linh chi", "tra khom", "tra",
    ),
    13: (
        "ca phe", "cafe", "coffee", "ca cao", "cacao", "cocoa", "socola",
    ),
    14: (
        "ruou trang", "ruou nep", "ruou de", "ruou go den", "ruou",
    ),
    15: (
        "ruou vang", "ruou trai cay", "ruou mui", "ruou sim", "ruou man", "ruou thanh long", "bia", "ruou thuoc",
    ),
    16: (
        "nuoc khoang", "nuoc suoi", "nuoc tinh khiet", "nuoc uong dong chai",
    ),
    17: (
        "nuoc ep", "sinh to", "siro", "si ro", "nuoc mia", "nuoc dua", "sua dau", "sua bap", "sua hat", "sua sen",
        "nuoc",
    ),
    18: (
        "thuc pham chuc nang", "vien nang", "vien uong", "dong trung ha thao", "cao duoc lieu", "cao",
        "tinh bot nghe",
    ),
    19: (
        "xa bong", "xa phong", "dau goi", "son duong", "my pham", "kem duong", "serum", "mat na",
    ),
    20: (
        "tinh dau", "duoc lieu", "nhang",
    ),
    21: (
        "chieu", "gio", "tui luc binh", "luc binh", "non la", "tranh", "do go", "gom", "den", "thung", "ro", "nia",
        "luoc", "dua go", "ghe", "khan choang", "tham",
    ),
    22: (
        "ao", "khan ran", "vai", "khan",
    ),
    23: (
        "hoa", "bong cuc", "bong hong", "cuc mam xoi", "lan",
    ),
    24: (
        "cay canh", "bonsai", "mai vang", "kieng", "sen da", "cay giong",
    ),
    25: (
        "ca canh", "ca koi", "chim canh", "ca bay mau",
    ),
    26: (
        "tour", "tham quan", "homestay", "du lich", "diem du lich",
    ),
}  # fmt: skip
_TABLE = sorted(((word, number) for number, words in WORDS.items() for word in words), key=lambda row: -len(row[0]))


def set_guess(title: str) -> int | None:
    """The product set (1 to 26): by what the name begins with, else by what it contains; None for no idea."""
    name = f" {fold(title)} "
    begins = next((number for word, number in _TABLE if name.startswith(f" {word} ")), None)
    return begins or next((number for word, number in _TABLE if f" {word} " in name), None)
