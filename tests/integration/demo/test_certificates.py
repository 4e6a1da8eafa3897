"""The mix of sample certificates, and that it is the same at every loading."""

from collections import Counter
from datetime import date

from shop.certifications.models import Certification
from shop.core.dates import today
from shop.demo.load_certificates import _issuer, _signed, former_district, states
from shop.demo.source import goods
from shop.listings.models import Listing

Status = Certification.Status


def listings():
    return Listing.objects.published().for_cards()


def test_every_state_is_there(demo):
    assert Counter(states().values()) == {"in_force": 89, "soon": 12, "expired": 8, "revoked": 2}
    rows = list(Certification.objects.all())
    assert sum(row.in_force() for row in rows) == 101
    assert sum(row.expires_soon for row in rows) == 12
    assert sum(row.has_lapsed() for row in rows) == 8
    assert Counter(row.status for row in rows) == {Status.VERIFIED: 109, Status.REVOKED: 2, Status.DRAFT: 1}


def test_all_are_samples_and_say_so(demo):
    for row in Certification.objects.all():
        assert row.is_sample
        assert row.issuer.endswith("(dữ liệu mẫu)")
        assert row.legal_basis.signed_on <= row.decision_date
        assert row.decision_date <= today()
        assert row.status != Status.REVOKED or row.decision_date < row.revoked_on <= today()


def test_listings_without_stars_have_no_certificate(demo):
    unrated = [item.code for item in goods() if not item.stars]
    assert len(unrated) == 18
    assert not Certification.objects.filter(listing__product__code__in=unrated).exists()


def test_neither_revoked_nor_draft_nor_expired_stars_show(demo):
    by_slug = {listing.product.slug: listing for listing in listings()}
    for slug, kind in states().items():
        assert bool(by_slug[slug].certificate) == (kind in ("in_force", "soon")), slug
        assert bool(by_slug[slug].lapsed_certificate) == (kind == "expired"), slug
    assert by_slug["nem-lai-vung"].certificate.stars == 4


def test_dates_count_from_the_day_of_loading():
    for day in (date(2026, 11, 24), date(2028, 2, 29), date(2031, 3, 31)):
        for slug, kind in states().items():
            row = Certification(stars=3, status=Status.VERIFIED, decision_date=_signed(slug, kind, day))
            assert row.in_force(day) == (kind != "expired"), (slug, day)
            if kind == "soon":
                assert 0 < (row.expires_on - day).days <= 90


def test_issuers_follow_the_reform_of_2025():
    three = next(item for item in goods() if item.stars == 3 and item.ward_code == "28306")
    four = next(item for item in goods() if item.stars == 4 and item.ward_code < "29000")
    assert _issuer(three, date(2025, 6, 30)) == "UBND thị xã Gò Công (dữ liệu mẫu)"
    assert _issuer(three, date(2025, 7, 1)) == "UBND tỉnh Đồng Tháp (dữ liệu mẫu)"
    assert _issuer(four, date(2024, 1, 1)) == "UBND tỉnh Tiền Giang (dữ liệu mẫu)"
    assert former_district("30226") == "huyện Lai Vung"
    assert former_district("28249") == "thành phố Mỹ Tho"
