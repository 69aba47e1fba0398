from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notify", "0004_delivery")]

    operations = []
