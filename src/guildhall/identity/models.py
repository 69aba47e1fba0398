"""Persons and what they prove themselves with. None of these rows belongs to a council: identity sits above them."""

from django.db import models
from django.db.models import Q

from guildhall.kernel.ids import new_id


class Person(models.Model):
    """Anyone with an account. A row exists only for somebody who has shown that they can read the mailbox.

    ``generation`` counts how often all sessions were ended at once: a session of an earlier generation is over.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.CharField(max_length=320)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2)
    uses_emailed_codes = models.BooleanField(default=False)
    reads_in_account = models.BooleanField(db_default=False, help_text="wants councils' emails in the account instead")
    generation = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="identity_one_person_per_email"),
            models.CheckConstraint(condition=Q(language__in=("en", "cy")), name="identity_person_language_is_known"),
        ]


class Password(models.Model):
    """A person's password as argon2id keeps it, in a table of its own so that looking at persons never reads it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="password")
    encoded = models.CharField(max_length=255)
    changed_at = models.DateTimeField()


class AuthenticatorApp(models.Model):
    """The secret shared with a person's app, encrypted. Until a first code has come back it is not confirmed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="apps")
    hidden_secret = models.BinaryField()
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_accepted_step = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(confirmed_at__isnull=False), name="identity_one_confirmed_app_each"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(confirmed_at__isnull=True), name="identity_one_unconfirmed_app_each"
            ),
        ]


class Registration(models.Model):
    """An account being created by somebody who has not yet shown that the mailbox is theirs.

    It belongs to one browser session, which knows its id. So nobody can prepare an account with a password of their
    choosing and wait for the owner of the address to confirm it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.CharField(max_length=320)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2)
    encoded_password = models.CharField(max_length=255)
    begun_at = models.DateTimeField()
    lapses_at = models.DateTimeField(db_index=True)


class EmailedCode(models.Model):
    """A code that was sent, as a digest, good once and only for the journey it was sent for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey_id = models.UUIDField()
    purpose = models.CharField(max_length=30)
    digest = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()
    lapses_at = models.DateTimeField(db_index=True)
    spent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["journey_id"], condition=Q(spent_at__isnull=True), name="identity_one_open_code_per_journey"
            ),
        ]
