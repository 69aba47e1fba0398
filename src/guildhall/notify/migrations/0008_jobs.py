from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notify", "0007_callbacks")]

    operations = []
