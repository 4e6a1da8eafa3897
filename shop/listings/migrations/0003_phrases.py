"""Phrases that sellers of food and herbs may not use without proof (advertising and food-safety law)."""

from django.db import migrations

PHRASES = (
    "chữa bệnh",
    "trị bệnh",
    "đặc trị",
    "điều trị",
    "trị dứt điểm",
    "dứt điểm",
    "khỏi bệnh",
    "khỏi hẳn",
    "thay thế thuốc",
    "thần dược",
    "chống ung thư",
    "tiểu đường",
    "huyết áp",
    "giảm cân",
    "cam kết 100%",
    "tốt nhất",
    "số một",
    "duy nhất",
)


def phrases_add(apps, schema_editor):
    WarningPhrase = apps.get_model("listings", "WarningPhrase")
    WarningPhrase.objects.bulk_create([WarningPhrase(phrase=phrase) for phrase in PHRASES], ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [("listings", "0002_review")]

    operations = [migrations.RunPython(phrases_add, migrations.RunPython.noop)]
