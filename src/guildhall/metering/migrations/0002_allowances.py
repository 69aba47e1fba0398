from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("metering", "0001_initial")]

    operations = []
