import django.db.models.deletion
from django.db import migrations, models

from shop.core.text import search_key


def search_texts_fill(apps, schema_editor):
    """Orders from before the search box are found by it too."""
    Consignment = apps.get_model("fulfilment", "Consignment")
    rows = Consignment.objects.filter(search_text="").select_related("order__shipping_address")
    for row in rows.iterator(chunk_size=500):
        address = row.order.shipping_address
        phone = str(address.phone_number or "") if address else ""
        dialled = "0" + phone.removeprefix("+84") if phone.startswith("+84") else phone
        row.search_text = search_key(address.first_name if address else "", dialled, row.order.number)[:400]
        row.save(update_fields=["search_text"])


class Migration(migrations.Migration):

    dependencies = [
        ('fulfilment', '0001_initial'),
        ('order', '0021_billingaddress_code_shippingaddress_code'),
    ]

    operations = [
        migrations.AddField(
            model_name='consignment',
            name='carrier',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='consignment',
            name='carrier_name',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='consignment',
            name='search_text',
            field=models.CharField(blank=True, editable=False, max_length=400),
        ),
        migrations.AddField(
            model_name='consignment',
            name='tracking',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.CreateModel(
            name='ParcelLot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='Lot')),
                ('made_on', models.DateField(blank=True, null=True)),
                ('consignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lots', to='fulfilment.consignment')),
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='lot', to='order.line')),
            ],
            options={
                'verbose_name': 'Lot of a parcel',
                'verbose_name_plural': 'Lots of parcels',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Reduction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('owed', models.PositiveBigIntegerField(default=0)),
                ('by', models.CharField(blank=True, max_length=254)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('consignment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reductions', to='fulfilment.consignment')),
            ],
            options={
                'verbose_name': 'Reduction of an order',
                'verbose_name_plural': 'Reductions of orders',
                'ordering': ['pk'],
            },
        ),
        migrations.RunPython(search_texts_fill, migrations.RunPython.noop),
    ]
