"""What happens to a code between our page and the statement. Each rule takes ``(chance, text)`` and gives a text.

Sources: *statement* and *samples* as in ``banks``; *typing*: how people copy a code by hand; *assumed*: no public
sample was found. No published counts are known for any of them.
"""

WORD = "OCOP"


def _joined(chance, text: str, signs, number: int) -> str:
    """The text with so many of these signs between its characters."""
    places = set(chance.some(range(1, len(text)), number))
    return "".join((chance.pick(signs) if place in places else "") + letter for place, letter in enumerate(text))


# --- Signs and case: nothing is lost ---------------------------------------------------------------------------------


def lower(chance, code):  # typing; several banks' apps keep the case (samples)
    return code.lower()


def mixed_case(chance, code):  # phone keyboards write a capital first
    return code[0].upper() + "".join(chance.pick((c.lower(), c.upper())) for c in code[1:])


def space_after_prefix(chance, code):  # typing
    return code[:4] + " " + code[4:]


def groups(chance, code):  # typing, as card numbers are read
    return f"{code[:4]} {code[4:8]} {code[8:]}"


def random_spaces(chance, code):  # statement: "6106BFTVG29DK69 E", "ZP6R 34H953F5"
    return _joined(chance, code, (" ", "  "), 1 + chance.below(4))


def spaced_out(chance, code):  # assumed
    return " ".join(code)


def dashes(chance, code):  # typing
    return _joined(chance, code, "-–—", 1 + chance.below(3))


def dots(chance, code):  # assumed
    return _joined(chance, code, ".,:", 1 + chance.below(3))


def slashes(chance, code):  # assumed
    return _joined(chance, code, "/_\\|", 1 + chance.below(3))


def line_breaks(chance, code):  # statement: PDF cells wrap inside words, "-0982666480_L\nE THI"
    return _joined(chance, code, ("\n", "\r\n", "\n "), 1 + chance.below(2))


def odd_blanks(chance, code):  # copied from web pages: no-break space, tab, zero-width space, byte-order mark
    return _joined(chance, code, ("\u00a0", "\t", "\u200b", "\ufeff", "\u3000"), 1 + chance.below(3))


def _wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter


def full_width(chance, code):  # assumed: East Asian keyboards
    return "".join(_wide(c) for c in code)


def part_full_width(chance, code):
    return "".join(_wide(c) if chance.below(2) else c for c in code)


def entities(chance, code):  # assumed: feeds that escape for HTML, some of them twice
    return _joined(chance, code, ("&nbsp;", "&#32;", "&amp;nbsp;", "&#x2d;", "&amp;"), 1 + chance.below(2))


def letters_as_entities(chance, code):
    return "".join(f"&#{ord(c)};" if chance.below(3) == 0 else c for c in code)


def quotes(chance, code):  # typing: copied together with the signs around it
    return chance.pick(("'%s'", '"%s"', "“%s”", "(%s)", "[%s]", "<%s>", "*%s*", "#%s", "%s.", "%s,", "%s!")) % code


# --- Glued to neighbours ----------------------------------------------------------------------------------------------


def glued_before(chance, code):  # assumed: "FT123OCOP7K3M9QZ"
    return chance.pick(("FT123", "CK", "MUAHANG", "THANHTOAN", "0901234567", "QR", "DH12", "O", "CO", "X")) + code


def glued_after(chance, code):  # assumed: "OCOP7K3M9QZNGUYENVANA"
    return code + chance.pick(("NGUYENVANA", "CT", "THANHTOAN", "0901234567", "FT24255276428461", "CAMON", "9", "K"))


def glued_both(chance, code):  # samples: "DANG HOANGLONG chuyen tien", banks drop single spaces
    return glued_before(chance, glued_after(chance, code))


# --- Look-alikes ------------------------------------------------------------------------------------------------------


def prefix_look_alikes(chance, code):  # assumed: "0C0P", "OC0P", "QCQP"
    return chance.pick(("0C0P", "OC0P", "0COP", "QCQP", "QCOP", "OCQP", "0CQP")) + code[4:]


def look_alikes(chance, code):  # assumed: O and 0 for Q, I, L and 1 for 7, U for V; needs such a character
    swaps = {"Q": "O0", "7": "1ILl", "V": "Uu"}
    return code[:4] + "".join(chance.pick(swaps[c]) if c in swaps else c for c in code[4:])


def swap_in_alphabet(chance, code):  # typing: 8 and B, 5 and S, 2 and Z, 6 and G; needs one
    pairs = {one: other for pair in ("8B", "5S", "2Z", "6G") for one, other in (pair, pair[::-1])}
    place = chance.pick([place for place in range(4, len(code)) if code[place] in pairs])
    return code[:place] + pairs[code[place]] + code[place + 1 :]


def round_letter(chance, code):  # typing: D read as O or 0; needs a D
    place = code.index("D", 4)
    return code[:place] + chance.pick("O0") + code[place + 1 :]


# --- Vietnamese typing ------------------------------------------------------------------------------------------------

_TELEX = {
    "AS": "Á", "AF": "À", "ER": "Ẻ", "YX": "Ỹ", "AJ": "Ạ", "AW": "Ă", "EE": "Ê", "DD": "Đ", "AA": "Â", "W": "Ư",
}  # fmt: skip


def telex(chance, code):  # assumed: the Telex method takes letters for marks; the feed keeps the marks
    keys = code[5:7] if code[5:7] in _TELEX else "W"
    return code[:4] + code[4:].replace(keys, _TELEX[keys], 1)


def telex_stripped_w(chance, code):  # the same, and the bank strips the marks: W, Ư, U
    return code[:4] + code[4:].replace("W", "U", 1)


def telex_prefix(chance, code):  # the tone key S, F, R, X or J after "OCOP" marks its O
    return "OC" + dict(zip("SFRXJ", "ÓÒỎÕỌ", strict=True))[code[4]] + "P" + code[5:]


# --- Something is lost or wrong ---------------------------------------------------------------------------------------


def cut(number):  # samples: "Trace 78358" for 783586; memos end where the bank's field ends
    return lambda chance, code: code[:-number]


def lost_first(number):  # typing: the selection of a copy starts late
    return lambda chance, code: code[number:]


def _changes(code: str) -> list[int]:
    """Places whose next character is another one, and no look-alike: after those the code would still be read."""
    alike = {"8B", "B8", "5S", "S5", "2Z", "Z2", "6G", "G6"}
    return [p for p in range(4, len(code) - 1) if code[p] != code[p + 1] and code[p : p + 2] not in alike]


def wrong_letter(chance, code):  # typing: a key beside the right one, nothing that looks alike
    place = 4 + chance.below(7)
    wrong = chance.pick([c for c in "349ACEFHJKMNPRTXY" if c != code[place]])
    return code[:place] + wrong + code[place + 1 :]


def transposed(chance, code):  # typing
    place = chance.pick(_changes(code))
    return code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def missing_letter(chance, code):  # typing; and tone keys swallowed by Telex when the bank strips the marks
    place = 4 + chance.below(4)
    return code[:place] + code[place + 1 :]


def doubled_letter(chance, code):  # typing; not the last, which would be a glued neighbour
    place = chance.pick([place for place in _changes(code) if place < 9])
    return code[:place] + code[place] + code[place:]


# --- The whole line ---------------------------------------------------------------------------------------------------


def column(sign):  # statement, samples: cells of 35 to 40 characters: "Trace2 23979", "qua Za lo", "T  race 541044"
    def break_lines(chance, line):
        width, start = 33 + chance.below(8), chance.below(12)
        pieces = [line[:start], *(line[at : at + width] for at in range(start, len(line), width))]
        return sign.join(piece for piece in pieces if piece)

    return break_lines


def no_spaces(chance, line):  # samples: "chuyentien", "HOANGLONG"
    return line.replace(" ", "")


def no_signs(chance, line):  # samples: feeds that keep only letters, digits and spaces ("BV3382750A787C4AEF")
    return "".join(c for c in line if c.isalnum() or c == " ")


def upper_line(chance, line):  # counters and older core banking
    return line.upper()


def lower_line(chance, line):
    return line.lower()


def escaped_line(chance, line):
    return line.replace("&", "&amp;").replace(" ", "&nbsp;").replace("-", "&#45;")
