"""The columns that `0004` has carried over are gone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bcp", "0004_kinds_and_restore_tests")]

    operations = [
        migrations.RemoveField(
            model_name='backupcopy',
            name='last_restore_result',
        ),
        migrations.RemoveField(
            model_name='backupcopy',
            name='last_restore_test',
        ),
        migrations.RemoveField(
            model_name='backupcopy',
            name='replica',
        ),
    ]
