"""Postcodes are everybody's to read; only the owner's login, which imports them, may write."""

from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import OpenTable


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Postcode",
            fields=[
                ("postcode", models.TextField(help_text="without its space", primary_key=True, serialize=False)),
                ("gss", models.TextField(blank=True, help_text="the council's code; empty outside the United Kingdom")),
                ("is_large_user", models.BooleanField()),
                ("retired_on", models.DateField(null=True)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("source", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["onspd", "synthetic"])), name="source_of_a_postcode_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("postcode__regex", "^[A-Z0-9]{5,7}$")), name="postcode_is_compact"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostcodeAddress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("postcode", models.TextField()),
                ("address", models.TextField()),
                ("custodian_code", models.TextField()),
                ("source", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("postcode", "address"), name="an_address_is_listed_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["synthetic"])), name="source_of_an_address_is_known"
                    ),
                ],
            },
        ),
        OpenTable("account_postcode", web="SELECT"),
        OpenTable("account_postcodeaddress", web="SELECT"),
    ]
