import threading, pytest
from django.db import connection
from wagtail.models import Page, Site
def test_pages(db): assert Page.objects.count() >= 2
@pytest.mark.django_db(transaction=True)
def test_commit_threads():
    from shop.accounts.models import User
    def w(i):
        User.objects.create_user(email=f"a{i}@x.vn"); connection.close()
    t=[threading.Thread(target=w,args=(i,)) for i in range(6)]
    [x.start() for x in t]; [x.join() for x in t]
    assert User.objects.count()==6
@pytest.mark.django_db(transaction=True)
def test_after():
    from shop.accounts.models import User
    assert User.objects.count()==0 and Page.objects.count()>=2
def test_later(db):
    from shop.accounts.models import User
    assert User.objects.count()==0 and Site.objects.count()==1
def test_pragmas(db):
    if connection.vendor=="sqlite":
        c=connection.cursor(); print(c.execute("PRAGMA journal_mode").fetchone(), c.execute("select 1").fetchone(), connection.settings_dict["NAME"])
def test_tasks(run_tasks):
    from shop.messaging.services import message_send
    message_send(kind="sign_in_code", to="+84901234567", body="x 123", key="k1")
    print("ran", run_tasks())
