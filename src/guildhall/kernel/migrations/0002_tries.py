"""One count of tries for the whole house; and who may touch it."""

from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import OpenTable


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_queue")]

    operations = [
        migrations.CreateModel(
            name="TryCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("action", models.CharField(max_length=60)),
                ("whom", models.BinaryField(max_length=32)),
                ("tries", models.PositiveIntegerField()),
                ("lapses_at", models.DateTimeField(db_index=True)),
                ("locked_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="trycount",
            constraint=models.UniqueConstraint(fields=("action", "whom"), name="kernel_one_count_per_action_and_whom"),
        ),
        OpenTable("kernel_trycount", web="SELECT, INSERT, UPDATE, DELETE", dispatcher="SELECT, DELETE"),
    ]
