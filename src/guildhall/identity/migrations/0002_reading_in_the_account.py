from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="reads_in_account",
            field=models.BooleanField(db_default=False, help_text="wants councils' emails in the account instead"),
        ),
    ]
