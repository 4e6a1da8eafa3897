"""Stalls that are open already sold before the law asked: they stay open until the day it gives them."""

from django.db import migrations

from shop.onboarding.rules import existing_due


def grace_give(apps, schema_editor):
    Cooperative = apps.get_model("cooperatives", "Cooperative")
    Identity = apps.get_model("onboarding", "Identity")
    known = set(Identity.objects.values_list("cooperative_id", flat=True))
    open_now = Cooperative.objects.filter(is_published=True).exclude(pk__in=known)
    Identity.objects.bulk_create(Identity(cooperative=cooperative, due_on=existing_due()) for cooperative in open_now)


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0001_initial")]

    operations = [migrations.RunPython(grace_give, migrations.RunPython.noop)]
