"""The sample shop, loaded once for all tests of this folder: one transaction, undone at the end."""

import pytest
from django.db import transaction
from django.test import override_settings

from shop.demo.load import demo_load


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The loaded shop; gives the folder with its pictures. What a test changes is undone after the test."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=str(media)):
            demo_load()
        yield media
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db, settings):
    """A test in the loaded shop."""
    settings.MEDIA_ROOT = str(loaded)
    return loaded
