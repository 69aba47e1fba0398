"""Tries are counted in one table of the kernel's; a kept file never changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notify", "0015_what_lists_tell"), ("kernel", "0002_tries")]

    operations = [
        migrations.RemoveField(model_name="document", name="tries"),
        migrations.RemoveField(model_name="document", name="tries_since"),
    ]
