"""Postcodes: the account module's only tables. They are about places, not people, and belong to no council."""

from typing import ClassVar

from django.db import models

from guildhall.kernel.ids import new_id


class Postcode(models.Model):
    """A postcode and the council that it lies in, by the directory."""

    ONSPD = "onspd"
    SYNTHETIC = "synthetic"

    postcode = models.TextField(primary_key=True, help_text="without its space")
    gss = models.TextField(blank=True, help_text="the council's code; empty outside the United Kingdom")
    is_large_user = models.BooleanField()
    retired_on = models.DateField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    source = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(source__in=["onspd", "synthetic"]), name="source_of_a_postcode_is_known"
            ),
            models.CheckConstraint(condition=models.Q(postcode__regex=r"^[A-Z0-9]{5,7}$"), name="postcode_is_compact"),
        ]


class PostcodeAddress(models.Model):
    """An address in a postcode. Where there are any, they decide, and not the directory: borders run between houses."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    postcode = models.TextField()
    address = models.TextField()
    custodian_code = models.TextField()
    source = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["postcode", "address"], name="an_address_is_listed_once"),
            models.CheckConstraint(condition=models.Q(source__in=["synthetic"]), name="source_of_an_address_is_known"),
        ]
