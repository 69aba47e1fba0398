from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notify", "0005_receipts")]

    operations = []
