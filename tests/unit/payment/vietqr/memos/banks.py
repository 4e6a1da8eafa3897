"""What banks and wallets write around the memo that a buyer gave.

The shapes come from public material, read in November 2026; names and numbers are made up. Sources:

* VCB: the published statements of relief accounts at Vietcombank, October 2020 (README of hungtooc/transaction_ocr)
  and September 2024 (account 0011001932418; parsers of it in public repositories), which show what Vietcombank's
  customers receive from every other bank.
* MB, ACB, BIDV, CTG, TPB, STB, VPB: sample lines in public programs that receive the webhooks of SePay, Casso and payOS
  for an account at that bank, and in database dumps published with them.
* SePay's and payOS's own documentation for the account prefixes (SEVQR TKP..., VQR..., CS...).
* Shapes without a public sample are marked "assumed".
"""

import re

DIGITS = "0123456789"
HEX = "0123456789ABCDEF"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MIXED = DIGITS + LETTERS + LETTERS.lower()

NAMES = (
    "NGUYEN VAN A", "TRAN THI BICH NGOC", "LE HOANG PHUC", "PHAM THI COP", "VO MINH QUOC", "DANG THI U",
    "HUYNH NGOC O", "BUI QUOC PHONG", "NGO CO PHUONG", "DOAN THI COOP",
)  # fmt: skip

# <d6> digits, <h8> capital hexadecimals, <m5> letters and digits, <l4> capitals, <date> and <time> as bookings show
# them; <m> stands for the memo.
TEMPLATES = (
    # Vietcombank to Vietcombank and from Vietcombank to others (VCB, MB, ACB).
    ("vcb_app", "MBVCB.<d10>.<m>.CT tu <d13> <name> toi <d13> HTX NONG NGHIEP MY THO"),
    ("vcb_app_ref", "MBVCB.<d10>.<d6>.<m>.CT tu <d10> <name> toi <d10> HTX NONG NGHIEP tai MB- Ma GD ACSP/ <m2><d6>"),
    ("vcb_app_acb", "MBVCB.<d10>.<d6>.<m>.CT tu <d13> <name> toi <d8> HTX NONG NGHIEP Ngan hang A Chau (ACB)"),
    ("vcb_app_plain", "MBVCB.<d10>.<m>"),
    ("vcb_web", "IBVCB.<d16>.<m>"),
    ("vcb_business", "IBBIZ<d10>.<m>"),
    ("vcb_business_app", "MBBIZ<d10>.<m>"),
    ("vcb_inward", "<d6>.<date>.<d6>.<m>"),
    ("vcb_inward_tcb", "<d6>.<d6>.<d6>.<m> FT<d14>"),
    ("vcb_inward_tcb_first", "FT<d14> <d6>.<d6>.<d6>.<m>"),
    ("vcb_inward_dated", "<d6>.<d6>.<d6>.<m>-<date>-<time> <d6>"),
    ("vcb_napas_mb", "020097042209<d14><l4><d6>.<d5>.<d6>.<m>"),
    ("vcb_napas_vietinbank", "020097041509<d14><m5><d6>.<d5>.<d6>.<m>"),
    ("vcb_napas_agribank", "020097040509<d14><l4><d6>.<d5> .<d6>.Vietcombank:<d13>:<m>"),
    ("vcb_counter", "SHGD:<d8>.DD:<d6>.BO:<name>.<m>"),
    ("vcb_momo", "PARTNER.DIRECT_DEBITS_VCB.MSE.<d11>.<d8>.<d11>-09<d8>_<m>"),
    ("vcb_zalopay", "PARTNER.DIRECT_DEBITS_VCB.ZLP.ZP<h4> <h8>.<d8>.<m>"),
    # MB.
    ("mb_own", "CUSTOMER <m>   Ma giao dich  Trace<d6> Trace <d6>"),
    ("mb_own_mbct", "CUSTOMER MBCT <m> <l4><d4>/<d6>"),
    ("mb_acsp", "<m>- Ma GD ACSP/ <m2><d6>"),
    ("mb_trace", "<m> - Ma giao dich/ Trace<d6>"),
    ("mb_ibft", "IBFT <m>   Ma giao dich  Trace<d6> Trace <d6>"),
    ("mb_qr", "CUSTOMER QR   <m>   Ma giao dich  Trace<d1> <d5> Trace <d6>"),
    ("mb_sepay_va", "Q<m5><d4>  SEPAY<d4> 1  <m>- Ma GD ACSP/ <m2><d6>"),
    ("mb_sms", "TK 03xxx422 GD: +22,000VND 07/04/24 06:52  SD: 406,180VND TU: <d14> ND: <m>"),
    # MoMo and ZaloPay paying out to banks.
    ("momo", "<d12>-<m>-CHUYEN TIEN-OQCH<m8>-MOMO<d12>MOMO"),
    ("momo_phone", "<d12>-0<d9>-<m>; thoi gian GD:12/09/2024 23:19:07"),
    ("momo_phone_spaces", "<d12> 09<d8> <m>   Ma giao dich  Trace<d6> Trace <d6>"),
    ("momo_acb", "MoMoT09<d8>T<d11>T970416T<m> GD <d6>-<d6> 15:46:22"),
    ("zalopay", "ZP<h8><l4>, <m>"),
    # ACB.
    ("acb_own", "IB <name> <m>"),
    ("acb_gd", "<m> GD <d6>-<d6> 12:17:19"),
    ("acb_vietqr", "ACB;<d8>;<m> GD <d6>-<d6> 13:18:51"),
    ("acb_tcb", "<m> FT<d14> GD <d6>-<d6> 16:05:58"),
    ("acb_sacombank", "SACOMBANK-GD <d6>-2022-11-06T11:41:21-970403-/CTR/IBFT <m>/MAC/<h8><h8>"),
    ("acb_ctr", "ACC-GD <d6>-2022-09-19T19:30:37-180906-/CTR/<m>/MAC/<h8><h8>"),
    # BIDV.
    ("bidv_own", "REM Tfr Ac:<d10> O@L_<d6>_<d6>_0_0_<d10>_<m>"),
    ("bidv_own_rem", "REM               Tfr Ac: <d14> <m>"),
    ("bidv_napas", "TKThe :<d14>, tai TCB. <m> -CTLNHIDI<d15>-1/1-CRE-002"),
    ("bidv_napas_mb", "TKThe :<d13>, tai MB. <m> FT<d14> -CTLNHIDI<d15>-1/1-CRE-002"),
    ("bidv_vcb", "TKThe :<d10>, tai Vietcombank. MBVCB.<d11>.<d6>.<m>.CT tu <d10> <name> -CTLNHIDI<d15>-1/1-CRE-002"),
    ("bidv_qr", "QR - <m>"),
    # VietinBank.
    ("vietinbank_napas", "CT DEN:<d12> <m>; tai Napas"),
    ("vietinbank_nd", "ND:CT DEN:<d12> <m> FT<d14>; tai Napas"),
    ("vietinbank_vietqr", "ND:CT DEN:<d12> ICB;<d12>;<m>; tai Napas"),
    ("vietinbank_247", "CT nhanh 247 den: MBVCB.<d10>.<d6>.<m>"),
    ("vietinbank_sepay", "SEVQR TKP155 <m>"),
    ("vietinbank_ct1111", "Chuyen tien den tu NAPAS Noi dung: <m>- <date>-<time> <d6> (ct1111)"),
    # VPBank, TPBank, Sacombank, Techcombank, Agribank, KienlongBank.
    ("vpbank", "NHAN TU <d12> TRACE <d6> ND <m>"),
    ("tpbank_qr", "BankAPINotify QR - <m>"),
    ("tpbank_tkp", "TKPYRK <m>"),
    ("sacombank_ckn", "<m> CKN <d6> <h8> - <name> - Ngan hang TMCP Ngoai thuong Viet Nam"),
    ("techcombank", "<m> FT<d14>"),
    ("techcombank_first", "FT<d14> <m>"),  # assumed
    ("agribank", "MBCT: <m>"),  # assumed
    ("kienlongbank_payos", "CS<l4><d4> <m>"),
    ("qr_words", "Thanh toan QR <m>"),  # assumed
    ("nd", "ND:<m>;"),  # assumed
    ("bare", "<m>"),
)

_FILL = re.compile(r"<name>|<date>|<time>|<([dhml])(\d+)>")
_SPACES = {"d": DIGITS, "h": HEX, "m": MIXED, "l": LETTERS}


def wrap(chance, memo: str, template: str) -> str:
    """The memo inside this bank's words, with made-up names and numbers."""
    before, after = template.split("<m>")
    return _FILL.sub(lambda found: _fill(chance, found), before) + memo + _FILL.sub(lambda f: _fill(chance, f), after)


def _fill(chance, found: re.Match[str]) -> str:
    if found[0] == "<name>":
        return chance.pick(NAMES)
    if found[0] == "<date>":  # ddmmyy
        return f"{1 + chance.below(28):02d}{1 + chance.below(12):02d}26"
    if found[0] == "<time>":
        return f"{chance.below(24):02d}:{chance.below(60):02d}:{chance.below(60):02d}"
    return chance.text(int(found[2]), _SPACES[found[1]])
