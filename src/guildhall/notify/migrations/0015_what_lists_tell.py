from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notify", "0014_turns_and_quarantine")]

    operations = [
        migrations.AddField(
            model_name="uploadedlist",
            name="cancelled_by",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="uploadedlist",
            name="noticed",
            field=models.JSONField(
                default=dict, help_text="what is strange and no problem: how often, and where at first"
            ),
        ),
    ]
