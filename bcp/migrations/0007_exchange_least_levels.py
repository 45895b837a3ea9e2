from django.db import migrations, models

import bcp.models.impacts


class Migration(migrations.Migration):
    dependencies = [
        ("bcp", "0006_impacts_and_acceptances"),
    ]

    operations = [
        migrations.AddField(
            model_name="impactanswer",
            name="at_least",
            field=models.JSONField(
                default=[0] * 7, validators=[bcp.models.impacts.check_levels]
            ),
            preserve_default=False,
        ),
    ]
