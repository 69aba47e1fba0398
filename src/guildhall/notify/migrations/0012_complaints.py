from django.db import migrations, models

from guildhall.kernel.walls import MoreGrants


class Migration(migrations.Migration):
    dependencies = [("notify", "0011_accepting")]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="is_complaint",
            field=models.BooleanField(db_default=False, default=False, help_text="the reader called it unwanted"),
        ),
        MoreGrants("notify_unsubscribed", dispatcher="INSERT"),
    ]
