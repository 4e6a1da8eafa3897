import pytest

from shop.core import sealing
from shop.core.sealing import SealBroken, reseal, seal, unseal

# Made once with the keys below: stored credentials must stay readable whatever is rewritten here.
KEPT = "gAAAAABrBXz5mMiUo1_P9A0mNfcGOTZIBFmUvzI9QUvQ6W2SmWyuQYoPQt_FD0u5_8GyTncL23eDQ4G0p1YNI5tqdih-WW5gMg=="


@pytest.fixture(autouse=True)
def keys(settings):
    settings.CREDENTIALS_KEYS = ["the first long key, kept in the safe"]
    settings.SECRET_KEY = "another secret of this shop"
    settings.SECRET_KEY_FALLBACKS = []


@pytest.mark.parametrize("plain", ["", "k", '{"api_key": "a b"}', "khóa bí mật của hợp tác xã", "\x00\n", "x" * 10_000])
def test_round_trip(plain):
    assert unseal(seal(plain)) == plain


def test_a_token_tells_nothing():
    first, second = seal("spk_live_1234567890"), seal("spk_live_1234567890")
    assert first != second
    assert first.isascii()
    assert "1234567890" not in first


def test_a_token_of_long_ago_still_opens():
    assert unseal(KEPT, purpose="bank feed") == "khóa 123"


def test_a_token_opens_for_its_purpose_only():
    token = seal("secret", purpose="bank feed")
    assert unseal(token, purpose="bank feed") == "secret"
    for purpose in ("credentials", "bank feed ", "", "Bank feed"):
        with pytest.raises(SealBroken):
            unseal(token, purpose=purpose)
        with pytest.raises(SealBroken):
            reseal(token, purpose=purpose)


def test_every_changed_character_breaks_it():
    token = seal("secret")
    # The last data character of base64 may hold unused bits; before it every character counts.
    for place in range(len(token.rstrip("=")) - 1):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(SealBroken):
            unseal(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize(
    "junk", ["", " ", "x", "gAAAAA", "gAAAAA==", "khóa", "\ud800", "A" * 500, None, 5, b"gAAAAA", ["gAAAAA"]]
)
def test_junk_is_a_broken_seal_and_nothing_else(junk):
    with pytest.raises(SealBroken):
        unseal(junk)
    with pytest.raises(SealBroken):
        reseal(junk)


def test_a_cut_or_turned_token_is_broken():
    token = seal("secret")
    for changed in (token[:-4], token[4:], token[: len(token) // 2], token[::-1], token.lower()):
        with pytest.raises(SealBroken):
            unseal(changed)


def test_the_first_key_seals_and_all_unseal(settings):
    old = seal("secret")
    settings.CREDENTIALS_KEYS = ["a new key", *settings.CREDENTIALS_KEYS]
    assert unseal(old) == "secret"
    new = seal("secret")
    settings.CREDENTIALS_KEYS = ["a new key"]
    assert unseal(new) == "secret"
    with pytest.raises(SealBroken):
        unseal(old)


def test_rotation(settings):
    old = seal("secret", purpose="bank feed")
    settings.CREDENTIALS_KEYS = ["a new key", *settings.CREDENTIALS_KEYS]
    moved = reseal(old, purpose="bank feed")
    assert moved != old
    settings.CREDENTIALS_KEYS = ["a new key"]
    assert unseal(moved, purpose="bank feed") == "secret"


def test_a_foreign_key_cannot_rotate(settings):
    old = seal("secret")
    settings.CREDENTIALS_KEYS = ["only a new key"]
    with pytest.raises(SealBroken):
        reseal(old)


def test_without_keys_the_secret_key_seals(settings):
    settings.CREDENTIALS_KEYS = []
    token = seal("secret")
    assert unseal(token) == "secret"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next secret key", [settings.SECRET_KEY]
    assert unseal(token) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(SealBroken):
        unseal(token)


def test_with_keys_the_secret_key_opens_nothing(settings):
    with_keys = seal("secret")
    settings.CREDENTIALS_KEYS = []
    with pytest.raises(SealBroken):
        unseal(with_keys)


def test_the_error_says_no_secret():
    token = seal("secret")
    with pytest.raises(SealBroken) as error:
        unseal(token[:-8] + "AAAAAAA=")
    assert str(error.value) == ""


def test_the_key_itself_is_not_used(settings):
    """Two purposes never share a derived key, and none is the typed key."""
    key = settings.CREDENTIALS_KEYS[0]
    derived = {sealing._derived(key, purpose) for purpose in ("credentials", "bank feed", "")}
    assert len(derived) == 3
    assert key.encode() not in derived
