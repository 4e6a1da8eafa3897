"""Vietnamese text: folding, search keys, synonyms and alphabetical order.

People type without marks ("sau rieng"), with marks in two encodings, and with two spellings of the same syllable
("Hòa", "Hoà"). Everything that is compared goes through this module on both sides.
"""

import re
import unicodedata
from functools import lru_cache

MAX_TERMS = 8
MAX_TERM_LENGTH = 40

# Letters that Unicode does not decompose into a base letter and a mark.
_BARRED = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
_APART = re.compile(r"[\W_]+")

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}


def fold(text):
    """The text without marks, case and punctuation: ``"Bưởi  Năm-Roi"`` becomes ``"buoi nam roi"``.

    Letters and digits stay, everything else becomes a single space. Full-width digits become plain digits.
    ``None`` folds to an empty string.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", str(text or "")).translate(_BARRED))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _APART.sub(" ", plain.lower()).strip()


def squeeze(text):
    """The folded text without any space: ``"B'Lao"`` and ``"B Lao"`` both become ``"blao"``."""
    return fold(text).replace(" ", "")


def exact(text):
    """Lower-case text that keeps its marks, for ranking true matches above folded ones.

    The two placements of a tone mark ("Hòa" and "Hoà", "Thúy" and "Thuý") come out alike.
    """
    words = _APART.sub(" ", unicodedata.normalize("NFC", str(text or "")).lower()).split()
    return " ".join(_tone_last(word) for word in words)


def _tone_last(word):
    """The syllable with its tone mark moved to its very end, where placement no longer matters."""
    letters, tones = [], []
    for c in unicodedata.normalize("NFD", word):
        (tones if c in _TONES else letters).append(c)
    return unicodedata.normalize("NFC", "".join(letters)) + "".join(tones)


def slugify_vi(text):
    """An ASCII slug that keeps đ as d: ``"Đường thốt nốt"`` becomes ``"duong-thot-not"``.

    May be empty when the text holds no Latin letter or digit.
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def search_key(*parts):
    """One folded string to store and search in: ``" sau rieng ri6 ngu hiep "``.

    A space stands before the first word and after the last one. So ``" " + word`` found in the key means that a
    word of the key begins with it, and ``" " + word + " "`` means a whole word. Empty when nothing was given.
    """
    words = " ".join(folded for part in parts if (folded := fold(part)))
    return f" {words} " if words else ""


# Words for the same thing, mostly southern and northern. Kept with their marks: somebody who types "quà" (gift)
# does not mean "quả" (fruit), while "qua" may be either.
SYNONYMS = (
    ("hợp tác xã", "htx"),
    ("tổ hợp tác", "tht"),
    ("heo", "lợn"),
    ("trái", "quả"),
    ("bắp", "ngô"),
    ("khóm", "thơm", "dứa"),
    ("mãng cầu", "na"),
    ("hột", "hạt"),
    ("hột vịt", "trứng vịt"),
    ("hột gà", "trứng gà"),
    ("chén", "bát"),
    ("đậu phộng", "đậu phụng", "lạc"),
    ("khoai mì", "củ mì", "sắn"),
    ("mè", "vừng"),
    ("mận", "roi"),
    ("sa pô chê", "sapoche", "xa bô chê", "hồng xiêm"),
    ("sơ ri", "xơ ri", "sê ri", "cherry"),
    ("bông", "hoa"),
    ("cá lóc", "cá quả", "cá chuối"),
    ("trà", "chè"),
    ("ca cao", "cacao", "cocoa"),
    ("cà phê", "cafe", "coffee"),
    ("mắc ca", "macca", "macadamia"),
    ("hủ tiếu", "hủ tíu"),
    ("mì", "mỳ"),
    ("bánh tráng", "bánh đa"),
    ("chả lụa", "giò lụa"),
    ("tàu hũ", "đậu hũ", "đậu phụ"),
    ("đậu xanh", "đỗ xanh"),
    ("đậu nành", "đậu tương", "đỗ tương"),
    ("chuối xiêm", "chuối sứ", "chuối tây"),
    ("cà na", "trám"),
    ("quýt", "quít"),
    ("lục bình", "bèo tây"),
    ("lác", "cói"),
)


@lru_cache(maxsize=1)
def _synonym_index():
    """Two look-ups: by folded phrase and by phrase with its marks, each to the members of its groups."""
    folded, marked = {}, {}
    for group in SYNONYMS:
        for phrase in group:
            folded.setdefault(fold(phrase), []).extend(group)
            marked.setdefault(exact(phrase), []).extend(group)
    return folded, marked


def expand(phrase):
    """The folded word or phrase with its alternatives, itself first: ``"heo"`` gives ``["heo", "lon"]``.

    A phrase typed with marks is only expanded when its marks are those of the synonym.
    """
    folded, marked = _synonym_index()
    plain = fold(phrase)
    group = folded.get(plain, ()) if exact(phrase) == plain else marked.get(exact(phrase), ())
    return list(dict.fromkeys([plain, *(fold(other) for other in group)]))


def search_terms(query):
    """What a search box should look for: one list of alternatives for each word (or known phrase) of the query.

    A text matches when for every term at least one alternative, put behind a space, occurs in its
    :func:`search_key`. Alternatives ending in a space ask for a whole word: that is every synonym (else "na",
    looked up for "mãng cầu", would find "nấm") and every typed word of one or two letters. At most 8 terms of
    40 characters; an empty query gives no term.

    >>> search_terms("heo quay")
    [['heo', 'lon '], ['quay']]
    """
    words = unicodedata.normalize("NFC", str(query or "")[:400])
    words = [word for word in _APART.split(words) if fold(word)]
    terms, place = [], 0
    while place < len(words) and len(terms) < MAX_TERMS:
        taken = _phrase_length(words, place)
        terms.append(_alternatives(" ".join(words[place : place + taken])))
        place += taken
    return terms


def _phrase_length(words, place):
    """How many words from this place on form the longest known phrase; 1 when none does."""
    for length in (3, 2):
        phrase = words[place : place + length]
        if len(phrase) == length and len(expand(" ".join(phrase))) > 1:
            return length
    return 1


def _alternatives(phrase):
    typed, *others = expand(phrase)
    typed = typed[:MAX_TERM_LENGTH].rstrip()
    if len(typed) <= 2:
        typed += " "
    return [typed, *(f"{other} " for other in others)]


def vi_sort_key(text):
    """Sort key for Vietnamese alphabetical order: a ă â b c d đ e ê ...; tones only decide between equal letters.

    Tones follow the order of dictionaries: none, huyền, hỏi, ngã, sắc, nặng. Numbers sort by value, so
    "Tân Phước 2" comes before "Tân Phước 10". Upper and lower case are alike.
    """
    lowered = unicodedata.normalize("NFC", str(text or "")).strip().lower()
    letters, tones = [], []
    for piece in re.findall(r"\d+|\s+|.", lowered):
        if piece.isdecimal():
            letters.append((1, int(piece)))
        elif piece.isspace():
            letters.append((0, 0))
        else:
            letter, tone = _letter_and_tone(piece)
            if letter:
                letters.append((2, _ALPHABET.get(letter, 100 + ord(letter[0]))))
                tones.append(tone)
    return tuple(letters), tuple(tones), lowered


def _letter_and_tone(character):
    """``"ằ"`` gives ``("ă", 1)``; punctuation gives an empty letter, because it does not count in the order."""
    parts = unicodedata.normalize("NFD", character)
    tone = max((_TONES.get(c, 0) for c in parts), default=0)
    letter = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
    return (letter, tone) if letter[:1].isalpha() else ("", 0)
