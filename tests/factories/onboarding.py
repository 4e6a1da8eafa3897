"""An application that could be sent, and its applicant."""

import io
from datetime import date
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from shop.accounts.models import User
from shop.onboarding.identity import number_seal
from shop.onboarding.models import Application, Paper
from shop.onboarding.services import TERMS_VERSION, application_send, file_add

people = count(1)


def picture(colour: tuple[int, int, int] = (200, 10, 10), size: tuple[int, int] = (80, 40), **options: Any) -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **options)
    return out.getvalue()


def applicant_make(**extra: Any) -> User:
    return User.objects.create_user(phone=f"+849333{next(people):05d}", first_name="Sen", **extra)


def application_make(user: User | None = None, *, send: bool = False, **extra: Any) -> Application:
    """Everything filled in, one paper with a scan; ``send`` hands it to the province."""
    fields = {
        "kind": "hop_tac_xa",
        "name": "HTX Sen Hồng",
        "legal_name": "Hợp tác xã Sen Hồng",
        "tax_code": "0100109106",
        "representative": "Nguyễn Văn Sen",
        "phone": "+84912345678",
        "ward_code": "28576",
        "address": "Ấp 3",
        "bank_bin": "970405",
        "bank_number": "123456789012",
        "bank_holder": "HTX SEN HONG",
        "method": "vneid_org",
        "linked_on": date(2026, 11, 1),
        "number_sealed": number_seal("0100109106"),
    }
    application = Application.objects.create(applicant=user or applicant_make(), **(fields | extra))
    paper = Paper.objects.create(application=application, kind="safety", number="12/ATTP")
    file_add(application=application, paper=paper, file=ContentFile(picture(), name="picture.jpg"), by="test")
    if send:
        application_send(application=application, terms_version=TERMS_VERSION, by="test")
        application.refresh_from_db()
    return application
