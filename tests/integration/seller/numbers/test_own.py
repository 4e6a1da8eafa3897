"""Own data: the owner's, complete, nobody else's, gone after a week."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from oscar.core.loading import get_model

from shop.audit.models import AuditEntry
from shop.numbers.models import DataExport
from shop.numbers.owndata import services
from shop.numbers.owndata.services import archive_ask, archive_build, archives_expire
from shop.numbers.owndata.tables import TABLES
from tests.factories.onboarding import picture
from tests.integration.isolation.world import side_make

HOME = "/ban-hang/du-lieu/"
ProductImage = get_model("catalogue", "ProductImage")


def prove(client, user):
    session = client.session
    session["seller_proof"] = {"user": user.pk, "at": timezone.now().timestamp()}
    session.save()


@pytest.fixture
def owner(client, cooperative, member):
    person = member(cooperative, "owner", password="mot cau de nho")
    client.force_login(person)
    return person


def archive_of(export):
    export.refresh_from_db()
    with export.file.open("rb") as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def test_asked_once_built_in_the_background_and_fetched(client, owner, cooperative, run_tasks):
    assert client.post(HOME + "tao/").url.startswith("/ban-hang/xac-nhan/") and not DataExport.objects.exists()
    prove(client, owner)
    assert [client.post(HOME + "tao/").status_code for _ in "12"] == [303, 303]
    export = DataExport.objects.get()
    before = client.get(HOME + "tin/").json()["version"]
    assert client.get(HOME).status_code == 200
    run_tasks()
    export.refresh_from_db()
    assert (export.state, export.done, export.total) == ("ready", export.total, len(TABLES) + 1)
    assert client.get(HOME + "tin/").json()["version"] != before
    answer = client.get(f"{HOME}{export.pk}/tai/")
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    names = set(archive.namelist())
    assert names == {"README.txt"} | {f"{k}/{t.name}.{k}" for t in TABLES for k in ("csv", "json")}
    assert archive.read("csv/cooperative.csv").startswith(b"\xef\xbb\xbf")
    assert json.loads(archive.read("json/cooperative.json"))[0]["name"] == cooperative.name
    assert AuditEntry.objects.filter(action="own_data.asked").count() == 1
    assert not archive_build(export=export)  # a second run changes nothing
    assert len(list((export.file.storage.listdir(f"own-data/{cooperative.pk}"))[1])) == 1


def test_everything_of_one_cooperative_and_nothing_of_the_other(db, run_tasks):
    a, b = side_make("a"), side_make("b")
    for side in (a, b):
        photo = ProductImage(product=side.listing.product, display_order=0)
        photo.original.save(f"{side.name}.jpg", ContentFile(picture()))
    export = archive_ask(cooperative=a.cooperative, by="test")
    run_tasks()
    archive = archive_of(export)
    text = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    for marker in b.markers:
        assert marker not in text
    assert a.buyer in text and a.payer in text and a.memo in text
    assert [name for name in archive.namelist() if name.startswith("pictures/")] == [
        f"pictures/{a.listing.product.images.get().original.name.rsplit('/', 1)[1]}"
    ]
    assert a.feed.token not in text and a.feed.sealed not in text and "sepay-test-secret" not in text
    assert len(json.loads(archive.read("json/orders.json"))) == a.cooperative.consignments.count()


def test_gone_after_a_week_and_a_failure_is_told(client, owner, cooperative, run_tasks, monkeypatch):
    prove(client, owner)
    export = archive_ask(cooperative=cooperative, by="test")
    run_tasks()
    export.refresh_from_db()
    name, storage = export.file.name, export.file.storage
    assert storage.exists(name) and archives_expire() == 0
    DataExport.objects.update(ready_at=timezone.now() - timedelta(days=7, minutes=1))
    assert client.get(f"{HOME}{export.pk}/tai/").status_code == 303  # before the clock has come by
    assert (archives_expire(), archives_expire(), storage.exists(name)) == (1, 0, False)
    monkeypatch.setattr(services, "archive_write", lambda *args: 1 / 0)
    failing = archive_ask(cooperative=cooperative, by="test")
    run_tasks()
    failing.refresh_from_db()
    assert failing.state == "failed" and client.get(HOME).status_code == 200


def test_only_the_owner_and_only_their_own(client, owner, cooperative, neighbour, member, run_tasks):
    export = archive_ask(cooperative=neighbour, by="test")
    run_tasks()
    assert client.get(f"{HOME}{export.pk}/tai/").status_code == 404
    mine = archive_ask(cooperative=cooperative, by="test")
    run_tasks()
    assert client.get(f"{HOME}{mine.pk}/tai/").url.startswith("/ban-hang/xac-nhan/")
    prove(client, owner)
    assert client.get(f"{HOME}{mine.pk}/tai/").status_code == 200
    assert client.get(f"{HOME}{export.pk}/tai/").status_code == 404
    for role in ("seller", "accountant", "packer"):
        person = member(cooperative, role)
        client.force_login(person)
        prove(client, person)
        assert client.get(HOME).status_code == 403 and client.post(HOME + "tao/").status_code == 403
        assert client.get(f"{HOME}{export.pk}/tai/").status_code == 403
    assert DataExport.objects.count() == 2
