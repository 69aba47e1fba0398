"""A council's own numbers are told from the installation's: no council takes another's by naming it."""

from django.db import migrations, models

from guildhall.kernel.walls import DefinerFunction


class Migration(migrations.Migration):
    dependencies = [("notify", "0017_long_references")]

    operations = [
        # What was there before goes on as it went: what the installation's accounts bring comes, too.
        migrations.AddField(
            "inboundnumber",
            "is_of_installation",
            models.BooleanField(default=True, help_text="an operator gave it: the installation's accounts bring texts"),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="inboundnumber", name="notify_a_number_has_one_service"),
        migrations.AddConstraint(
            model_name="inboundnumber",
            constraint=models.UniqueConstraint(
                fields=("organisation_id", "number"), name="notify_a_number_has_one_service"
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundnumber",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_of_installation", True)),
                fields=("number",),
                name="notify_installations_number_once",
            ),
        ),
        DefinerFunction(
            "notify_owner_of_number",
            "SELECT organisation_id, notify_service_id FROM notify_inboundnumber "
            "WHERE number = dialled AND is_of_installation",
            arguments="dialled text",
            returns="TABLE (organisation_id uuid, notify_service_id uuid)",
        ),
    ]
