"""Tries are counted in one table of the kernel's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_reading_in_the_account"), ("kernel", "0002_tries")]

    operations = [migrations.DeleteModel(name="TryCounter")]
