from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notify", "0002_messages_of_every_kind")]

    operations = []
