"""What a copy said of itself in columns becomes its kind and a row per restore test."""

from typing import Any

from django.db import migrations

from bcp.models.base import new_key


def carry_over(apps: Any, schema_editor: Any) -> None:
    copies = apps.get_model("bcp", "BackupCopy")
    restore_tests = apps.get_model("bcp", "RestoreTest")
    copies.objects.filter(replica=True).update(kind="replica")
    restore_tests.objects.bulk_create(
        [
            restore_tests(
                id=new_key(),
                organisation_id=copy.organisation_id,
                copy=copy,
                done_on=copy.last_restore_test,
                outcome=copy.last_restore_result,
            )
            for copy in copies.objects.filter(last_restore_test__isnull=False)
        ],
        batch_size=500,
    )


def carry_back(apps: Any, schema_editor: Any) -> None:
    copies = apps.get_model("bcp", "BackupCopy")
    restore_tests = apps.get_model("bcp", "RestoreTest")
    copies.objects.filter(kind="replica").update(replica=True)
    for test in restore_tests.objects.order_by("done_on", "created_at"):
        copies.objects.filter(pk=test.copy_id).update(
            last_restore_test=test.done_on, last_restore_result=test.outcome
        )


class Migration(migrations.Migration):
    dependencies = [("bcp", "0003_backups_against_plans")]

    operations = [migrations.RunPython(carry_over, carry_back)]
