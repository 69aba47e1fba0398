from django.db import migrations

from guildhall.kernel.walls import DefinerFunction


class Migration(migrations.Migration):
    dependencies = [("notify", "0012_complaints")]

    operations = [
        DefinerFunction(
            "notify_services_asking_to_go_live",
            "SELECT organisation_id, id FROM notify_notifyservice WHERE live_asked_at IS NOT NULL AND NOT is_live",
            arguments="",
            returns="TABLE (organisation_id uuid, notify_service_id uuid)",
            grant_to=("web",),
        ),
    ]
