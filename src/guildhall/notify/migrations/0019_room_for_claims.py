"""Half of each page of messages is left free: every message is changed soon, when it is claimed."""

from django.db import migrations

from guildhall.kernel.partitions import leave_room_in_pages


class Migration(migrations.Migration):
    dependencies = [("notify", "0018_numbers_of_whom")]

    operations = [*leave_room_in_pages("notify_message", filled=50)]
