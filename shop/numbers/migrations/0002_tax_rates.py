"""Rates of goods sold by households, with their dates."""

from datetime import date

from django.db import migrations

#: Decree 117/2025/NĐ-CP (goods: VAT 1 %, personal income tax 0.5 %); the yearly threshold by decrees 68/2026/NĐ-CP
#: and 141/2026/NĐ-CP.
RATES = (
    {
        "kind": "ho_kinh_doanh",
        "effective_from": date(2025, 7, 1),
        "effective_to": date(2025, 12, 31),
        "vat": 100,
        "pit": 50,
        "yearly_threshold": None,
        "source": "NĐ 117/2025/NĐ-CP",
    },
    {
        "kind": "ho_kinh_doanh",
        "effective_from": date(2026, 1, 1),
        "effective_to": None,
        "vat": 100,
        "pit": 50,
        "yearly_threshold": 1_000_000_000,
        "source": "NĐ 117/2025/NĐ-CP, NĐ 68/2026/NĐ-CP, NĐ 141/2026/NĐ-CP",
    },
)


def rates_add(apps, schema_editor):
    TaxRate = apps.get_model("numbers", "TaxRate")
    for rate in RATES:
        TaxRate.objects.get_or_create(
            kind=rate["kind"], effective_from=rate["effective_from"], defaults=rate
        )


class Migration(migrations.Migration):
    dependencies = [("numbers", "0001_initial")]

    operations = [migrations.RunPython(rates_add, migrations.RunPython.noop)]
