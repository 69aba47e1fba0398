"""Tries are counted in one table of the kernel's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("services_tracking", "0001_initial"), ("kernel", "0002_tries")]

    operations = [migrations.DeleteModel(name="LookupTries")]
