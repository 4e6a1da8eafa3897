"""Every public page of the sample shop, by name: what the tour, the weights and the barriers are checked on."""

STATIC_PAGES = [
    "/",
    "/san-pham/",
    "/san-pham/?season=now",
    "/danh-muc/thuc-pham/",
    "/danh-muc/do-uong/",
    "/tim-kiem/?q=mam+tom",
    "/tim-kiem/?q=zzzz",
    "/hop-tac-xa/",
    "/cau-chuyen/",
    "/gioi-thieu/",
    "/dieu-khoan/",
    "/quyen-rieng-tu/",
    "/khieu-nai/",
    "/giao-hang/",
    "/doi-tra/",
    "/xep-hang/",
    "/tra-tien/",
    "/mua-the-nao/",
    "/ban-tren-cho/",
    "/gio-hang/",
    "/tra-cuu/",
    "/tai-khoan/dang-nhap/",
    "/noi-nhan/",
]

PRODUCT = "SELECT p.slug, p.id FROM catalogue_product p JOIN listings_listing l ON l.product_id = p.id"
STOCK = " JOIN partner_stockrecord s ON s.product_id = p.id"


def product_pages(site) -> dict[str, str]:
    """One product of each kind: in stock, sold out, alcohol, functional food, lapsed certificate, on the spot."""
    wanted = {
        "in stock": f"{PRODUCT}{STOCK} WHERE s.num_in_stock > 20 AND l.ocop_set = 1",
        "sold out": f"{PRODUCT}{STOCK} WHERE s.num_in_stock = 0",
        "alcohol": f"{PRODUCT} WHERE l.ocop_set IN (14, 15)",
        "functional food": f"{PRODUCT} WHERE l.ocop_set = 18",
        "tourism": f"{PRODUCT} WHERE l.ocop_set = 26",
        "lapsed": f"{PRODUCT} JOIN certifications_certification c ON c.listing_id = l.id"
        " WHERE c.status = 'verified' ORDER BY c.decision_date LIMIT 1",
    }
    found = {}
    for name, sql in wanted.items():
        rows = site.query(sql)
        if rows:
            found[name] = "/san-pham/{}-{}/".format(*rows[0])
    return found


def all_pages(site) -> list[str]:
    """Addresses in Vietnamese; the English ones are the same under ``/en``."""
    cooperative = site.query("SELECT slug FROM cooperatives_cooperative ORDER BY id LIMIT 1")[0][0]
    story = site.query(
        "SELECT p.slug FROM wagtailcore_page p JOIN cms_storypage s ON s.page_ptr_id = p.id ORDER BY p.id LIMIT 1"
    )[0][0]
    return [*STATIC_PAGES, *product_pages(site).values(), f"/hop-tac-xa/{cooperative}/", f"/cau-chuyen/{story}/"]
