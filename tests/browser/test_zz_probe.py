import pytest
from tests.browser.pages import assert_no_overflow, axe
def test_home(page):
    page.goto("/"); assert_no_overflow(page); axe(page)
def test_desktop(desktop_page):
    desktop_page.goto("/"); assert_no_overflow(desktop_page); axe(desktop_page)
def test_plain(plain_page, live_site):
    plain_page.goto("/"); assert_no_overflow(plain_page)
    with pytest.raises(ValueError): axe(plain_page)
    assert live_site.query("select count(*) from catalogue_product")[0][0] > 100
def test_bites_host(new_page, watch):
    p = new_page(); p.goto("/"); p.evaluate("fetch('http://example.com/').catch(()=>0)"); p.wait_for_timeout(200)
    assert any("another host" in t for t in watch.troubles), watch.troubles
    watch.expect("example.com|ERR_FAILED|Content Security"); print(watch.troubles)
@pytest.mark.expects("404")
def test_404(page):
    r = page.goto("/khong-co/"); assert r.status == 404
def test_bites_error(new_page, watch):
    p = new_page(); p.goto("/"); p.evaluate("setTimeout(()=>{throw new Error('boom')},0)"); p.wait_for_timeout(200)
    assert any("boom" in t for t in watch.unexpected()); watch.expect("boom"); print(watch.troubles)
def test_overflow_bites(page):
    page.goto("/"); page.evaluate("document.body.insertAdjacentHTML('beforeend','<div id=w class=wide>x</div>'); document.getElementById('w').style.width='900px'")
    with pytest.raises(AssertionError): assert_no_overflow(page)
def test_own(own_site, new_page):
    p = new_page(site=own_site); p.goto("/"); assert str(own_site.port) in p.url
