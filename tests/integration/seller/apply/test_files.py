"""Scans: written anew, kept out of sight, handed to those who may see them."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shop.onboarding import services
from shop.onboarding.models import ApplicationFile, Paper
from tests.factories.onboarding import applicant_make, application_make, picture
from tests.unit.core.test_uploads import bomb, heic

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
WORDS = {"kind": "vietgap", "number": "VG-1", "issuer": "Sở", "expires_on": "2099-01-01"}


@pytest.fixture
def application(client):
    application = application_make()
    client.force_login(application.applicant)
    return application


@pytest.fixture
def url(application):
    return f"/ban-hang/dang-ky/{application.pk}/"


def send(client, url, *files: bytes, **words):
    scans = [SimpleUploadedFile(f"../../x{n}.html", data) for n, data in enumerate(files)]
    return client.post(f"{url}giay-to/them/", WORDS | words | {"scans": scans})


def test_photos_and_pdfs(client, application, url):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    assert send(client, url, picture(exif=exif), heic(), PDF).status_code == 303
    assert send(client, url, picture(exif=exif), heic(), PDF).status_code == 303

    paper = Paper.objects.get(kind="vietgap")
    rows = list(paper.scans.all())
    assert [row.content_type for row in rows] == ["image/jpeg", "image/jpeg", "application/pdf"]
    assert all(Path(row.file.path).is_relative_to(settings.PRIVATE_ROOT) for row in rows)
    assert not Path(settings.MEDIA_ROOT).exists()
    assert oct(os.stat(rows[0].file.path).st_mode & 0o777) == "0o600"
    stored = Image.open(rows[0].file.path)
    assert (stored.size, dict(stored.getexif())) == ((40, 80), {})


def test_only_the_view_hands_them_out(client, application, url):
    send(client, url, PDF)
    photo, pdf = application.files.order_by("pk")
    shown = client.get(f"{url}tep/{photo.pk}/")
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert shown["Content-Disposition"].startswith("inline")
    saved = client.get(f"{url}tep/{pdf.pk}/")
    assert b"".join(saved.streaming_content) == PDF
    assert saved["Content-Disposition"].startswith("attachment")
    for answer in (shown, saved):
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"].startswith("private, no-store")
    with pytest.raises(ValueError, match="no address"):
        print(photo.file.url)
    other = application_make(applicant_make())
    assert client.get(f"{url}tep/{other.files.get().pk}/").status_code == 404
    assert client.get(f"/media/{photo.file.name}").status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"<html><script>alert(1)</script>",
        picture() + b"<script>alert(1)</script>",
        bomb(10_000, 5_001),
        b"%PDF-1.7 cut off",
        b"",
    ],
)
def test_refused_files_leave_nothing(client, application, url, data):
    answer = send(client, url, data, number="VG-<9>")
    assert answer.status_code == 422
    assert "VG-&lt;9&gt;" in answer.content.decode()
    assert Paper.objects.count() == 1
    assert ApplicationFile.objects.count() == 1


def test_too_large(client, application, url):
    assert send(client, url, b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024)).status_code == 422
    assert ApplicationFile.objects.count() == 1


def test_other_mistakes_say_that_the_photo_is_gone(client, application, url):
    answer = send(client, url, picture((1, 2, 3)), kind="", expires_on="2020-01-01")
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kind", "expires_on", "__all__"}
    assert send(client, url, *[picture((n, n, n)) for n in range(7)]).status_code == 422
    assert ApplicationFile.objects.count() == 1


def test_the_disk_is_not_for_camera_rolls(client, application, url, monkeypatch):
    monkeypatch.setattr(services, "FILES_MAX", 2)
    assert send(client, url, picture((1, 1, 1)), picture((250, 250, 250))).status_code == 409
    assert application.files.count() == 2


def test_removing(client, application, url, django_capture_on_commit_callbacks):
    paper, scan = application.papers.get(), application.files.get()
    path = Path(scan.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            assert client.post(f"{url}giay-to/{paper.pk}/bo/").status_code == 303
    assert not path.exists()
    assert not application.papers.exists()
    assert not ApplicationFile.objects.exists()
    assert client.get(f"{url}tep/{scan.pk}/").status_code == 404


def test_evidence_of_identity(client, application, url):
    data = {"method": "vneid_org", "number": "", "evidence": [SimpleUploadedFile("a.png", picture((9, 9, 200)))]}
    assert client.post(f"{url}dinh-danh/", data).status_code == 303
    scan = application.files.get(paper=None)
    assert client.post(f"{url}tep/{scan.pk}/bo/", {"step": "identity"})["Location"] == f"{url}dinh-danh/"
    assert not application.files.filter(paper=None).exists()
