from django.db import migrations, models
from django.db.models.functions import MD5


class Migration(migrations.Migration):
    dependencies = [("notify", "0016_tries_are_counted_beneath")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="notify_sent_to"),
        migrations.RemoveIndex(model_name="message", name="notify_sent_as_reference"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(models.F("notify_service_id"), MD5("recipient"), name="notify_sent_to"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("notify_service_id"),
                MD5("reference"),
                models.OrderBy(models.F("accepted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("reference__isnull", False)),
                name="notify_sent_as_reference",
            ),
        ),
    ]
