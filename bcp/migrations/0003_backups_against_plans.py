"""Policies, restore tests, procedures, exercises, scenarios and the reports of backup jobs."""

import bcp.models.base
import bcp.models.organisations
import bcp.models.procedures
import bcp.models.scenarios
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bcp', '0002_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='backupcopy',
            name='encrypted',
            field=models.BooleanField(blank=True, null=True, verbose_name='encrypted'),
        ),
        migrations.AddField(
            model_name='backupcopy',
            name='kind',
            field=models.CharField(choices=[('backup', 'Backup'), ('snapshot', 'Snapshot on the same storage'), ('replica', 'Replica'), ('SaaS export', 'SaaS export')], default='backup', max_length=15, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='backupcopy',
            name='report_serial',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='backupcopy',
            name='repository',
            field=models.CharField(blank=True, help_text='Restores from the same repository share its throughput. Empty: the copies on one medium at one site are one repository.', max_length=200, verbose_name='repository'),
        ),
        migrations.AddField(
            model_name='backupcopy',
            name='restore_fixed_minutes',
            field=models.PositiveIntegerField(blank=True, help_text='Minutes before the first byte: fetching a tape, mounting, unlocking.', null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='fixed part of a restore'),
        ),
        migrations.AddField(
            model_name='backupcopy',
            name='source',
            field=models.CharField(blank=True, help_text='What is copied: the host, share, database or account.', max_length=200, verbose_name='source'),
        ),
        migrations.AddField(
            model_name='system',
            name='structure_changed_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='tierpolicy',
            name='cadence_days',
            field=models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3660)], verbose_name='days between exercises'),
        ),
        migrations.AddField(
            model_name='tierpolicy',
            name='change_test_days',
            field=models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3660)], verbose_name='days to test after a structural change'),
        ),
        migrations.AddField(
            model_name='tierpolicy',
            name='minimum_exercise',
            field=models.CharField(blank=True, choices=[('checklist', 'Checklist'), ('tabletop', 'Walkthrough or tabletop'), ('functional', 'Simulation or functional'), ('parallel', 'Parallel'), ('full interruption', 'Full interruption')], max_length=20, verbose_name='least exercise that counts'),
        ),
        migrations.AddField(
            model_name='tierpolicy',
            name='restore_test_days',
            field=models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3660)], verbose_name='days between restore tests'),
        ),
        migrations.AddField(
            model_name='tierpolicy',
            name='scenarios',
            field=models.JSONField(blank=True, default=None, null=True, validators=[bcp.models.organisations.check_scenario_names], verbose_name='scenarios it must withstand'),
        ),
        migrations.AlterField(
            model_name='backupcopy',
            name='offline',
            field=models.BooleanField(blank=True, null=True, verbose_name='offline'),
        ),
        migrations.AlterField(
            model_name='backupcopy',
            name='separate_credentials',
            field=models.BooleanField(blank=True, null=True, verbose_name='separate credentials'),
        ),
        migrations.AlterField(
            model_name='backupcopy',
            name='site',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bcp.site', verbose_name='destination site'),
        ),
        migrations.CreateModel(
            name='BackupPolicy',
            fields=[
                ('id', bcp.models.base.KeyField(default=bcp.models.base.new_key, editable=False, max_length=12, primary_key=True, serialize=False, verbose_name='key')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('content', models.CharField(choices=[('data', 'Data'), ('configuration', 'Configuration'), ('network', 'Network configuration'), ('access', 'Access and identity state')], default='data', max_length=15, verbose_name='content')),
                ('kind', models.CharField(choices=[('backup', 'Backup'), ('snapshot', 'Snapshot on the same storage'), ('replica', 'Replica'), ('SaaS export', 'SaaS export')], default='backup', max_length=15, verbose_name='kind')),
                ('medium', models.CharField(blank=True, max_length=200, verbose_name='medium')),
                ('repository', models.CharField(blank=True, help_text='Restores from the same repository share its throughput. Empty: the copies on one medium at one site are one repository.', max_length=200, verbose_name='repository')),
                ('interval_minutes', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='interval')),
                ('run_minutes', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='run time')),
                ('lag_minutes', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='shipping lag')),
                ('retention_minutes', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='retention')),
                ('locked_minutes', models.PositiveIntegerField(blank=True, help_text='How long nobody can change or delete a copy.', null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='locked for')),
                ('offline', models.BooleanField(blank=True, null=True, verbose_name='offline')),
                ('separate_credentials', models.BooleanField(blank=True, null=True, verbose_name='separate credentials')),
                ('encrypted', models.BooleanField(blank=True, null=True, verbose_name='encrypted')),
                ('restore_mb_s', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='restore throughput in MB/s')),
                ('restore_fixed_minutes', models.PositiveIntegerField(blank=True, help_text='Minutes before the first byte: fetching a tape, mounting, unlocking.', null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='fixed part of a restore')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('description', models.TextField(blank=True, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='description')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bcp.organisation')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bcp.site', verbose_name='destination site')),
            ],
            options={
                'verbose_name_plural': 'backup policies',
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='backupcopy',
            name='policy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='bcp.backuppolicy', verbose_name='policy'),
        ),
        migrations.CreateModel(
            name='CopyReport',
            fields=[
                ('id', bcp.models.base.KeyField(default=bcp.models.base.new_key, editable=False, max_length=12, primary_key=True, serialize=False, verbose_name='key')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('number', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField(verbose_name='at')),
                ('event', models.CharField(choices=[('start', 'Started'), ('success', 'Success'), ('failure', 'Failure')], max_length=7, verbose_name='event')),
                ('exit_code', models.PositiveIntegerField(null=True, verbose_name='exit code')),
                ('reported_bytes', models.PositiveBigIntegerField(null=True, verbose_name='bytes')),
                ('copy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='bcp.backupcopy')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bcp.organisation')),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='CopyStatus',
            fields=[
                ('id', bcp.models.base.KeyField(default=bcp.models.base.new_key, editable=False, max_length=12, primary_key=True, serialize=False, verbose_name='key')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('last_start', models.DateTimeField(null=True, verbose_name='last start')),
                ('last_success', models.DateTimeField(null=True, verbose_name='last success')),
                ('last_failure', models.DateTimeField(null=True, verbose_name='last failure')),
                ('last_exit_code', models.PositiveIntegerField(null=True, verbose_name='last exit code')),
                ('last_bytes', models.PositiveBigIntegerField(null=True, verbose_name='bytes of the last success')),
                ('changed_at', models.DateTimeField(help_text='When a report last changed what is said of the copy: answers kept in memory are worked out anew after it.')),
                ('reports', models.PositiveBigIntegerField(default=0)),
                ('window_start', models.DateTimeField(null=True)),
                ('window_reports', models.PositiveIntegerField(default=0)),
                ('copy', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='status', to='bcp.backupcopy')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bcp.organisation')),
            ],
            options={
                'verbose_name_plural': 'copy statuses',
            },
        ),
        migrations.CreateModel(
            name='Exercise',
            fields=[
                ('id', bcp.models.base.KeyField(default=bcp.models.base.new_key, editable=False, max_length=12, primary_key=True, serialize=False, verbose_name='key')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('type', models.CharField(choices=[('checklist', 'Checklist'), ('tabletop', 'Walkthrough or tabletop'), ('functional', 'Simulation or functional'), ('parallel', 'Parallel'), ('full interruption', 'Full interruption'), ('restore test', 'Restore test'), ('incident', 'Real incident')], max_length=20, verbose_name='type')),
                ('planned_on', models.DateField(blank=True, null=True, verbose_name='planned on')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='done on')),
                ('objectives', models.TextField(blank=True, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='objectives')),
                ('note', models.TextField(blank=True, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='note')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bcp.organisation')),
            ],
            options={
                'ordering': ['-done_on', '-planned_on', 'name'],
            },
        ),
        migrations.CreateModel(
            name='ExerciseResult',
            fields=[
                ('id', bcp.models.base.KeyField(default=bcp.models.base.new_key, editable=False, max_length=12, primary_key=True, serialize=False, verbose_name='key')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('outcome', models.CharField(blank=True, choices=[('success', 'Success'), ('partial', 'Partial'), ('failure', 'Failure')], help_text='Success: the objectives were met.', max_length=10, verbose_name='result')),
                ('rta_minutes', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='recovery time achieved')),
                ('rpa_minutes', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='data loss achieved')),
                ('note', models.TextField(blank=True, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='note')),
                ('exercise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='bcp.exercise')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bcp.organisation')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exercise_results', to='bcp.system')),
            ],
            options={
                'ordering': ['exercise', 'system__name'],
            },
        ),
        migrations.CreateModel(
            name='Procedure',
            fields=[
                ('id', bcp.models.base.KeyField(default=bcp.models.base.new_key, editable=False, max_length=12, primary_key=True, serialize=False, verbose_name='key')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('number', models.PositiveIntegerField(editable=False, verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('approved', 'Approved'), ('superseded', 'Superseded')], default='draft', editable=False, max_length=10, verbose_name='state')),
                ('summary', models.TextField(blank=True, max_length=2000, validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name='what has changed')),
                ('sent_back_reason', models.TextField(blank=True, editable=False, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='why it was sent back')),
                ('approved_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('approved_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author', models.ForeignKey(blank=True, editable=False, help_text='Whoever edited it last. Empty: it was imported from the command line.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bcp.organisation')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='procedures', to='bcp.system')),
            ],
            options={
                'ordering': ['system__name', '-number'],
            },
        ),
        migrations.CreateModel(
            name='ProcedureStep',
            fields=[
                ('id', bcp.models.base.KeyField(default=bcp.models.base.new_key, editable=False, max_length=12, primary_key=True, serialize=False, verbose_name='key')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('instruction', models.TextField(blank=True, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='instruction')),
                ('heads', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10000)], verbose_name='people needed')),
                ('minutes_low', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='minutes at best')),
                ('minutes', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='minutes')),
                ('minutes_high', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='minutes at worst')),
                ('expected', models.TextField(blank=True, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='expected result')),
                ('verification', models.TextField(blank=True, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='how to verify')),
                ('way_back', models.TextField(blank=True, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='way back')),
                ('decision', models.TextField(blank=True, help_text='What is to be decided here, by whom, and what follows from each answer.', max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='decision point')),
                ('covers', models.JSONField(blank=True, default=list, validators=[bcp.models.procedures.check_areas], verbose_name='covers')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bcp.contact', verbose_name='person')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bcp.organisation')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='bcp.procedure')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bcp.team', verbose_name='team')),
            ],
            options={
                'ordering': ['procedure', 'position'],
            },
        ),
        migrations.CreateModel(
            name='RestoreTest',
            fields=[
                ('id', bcp.models.base.KeyField(default=bcp.models.base.new_key, editable=False, max_length=12, primary_key=True, serialize=False, verbose_name='key')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('done_on', models.DateField(verbose_name='done on')),
                ('outcome', models.CharField(blank=True, choices=[('success', 'Success'), ('partial', 'Partial'), ('failure', 'Failure')], help_text='Success: everything that was asked for came back and was checked.', max_length=10, verbose_name='result')),
                ('minutes', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='minutes')),
                ('restored_bytes', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='bytes restored')),
                ('done_by', models.CharField(blank=True, max_length=200, verbose_name='done by')),
                ('note', models.TextField(blank=True, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='note')),
                ('copy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='restore_tests', to='bcp.backupcopy')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bcp.organisation')),
            ],
            options={
                'ordering': ['-done_on', '-created_at'],
            },
        ),
        migrations.CreateModel(
            name='ScenarioCombination',
            fields=[
                ('id', bcp.models.base.KeyField(default=bcp.models.base.new_key, editable=False, max_length=12, primary_key=True, serialize=False, verbose_name='key')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('description', models.TextField(blank=True, max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='description')),
                ('tiers', models.JSONField(blank=True, default=list, validators=[bcp.models.scenarios.check_tiers], verbose_name='tiers that must withstand it')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bcp.organisation')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ScenarioPart',
            fields=[
                ('id', bcp.models.base.KeyField(default=bcp.models.base.new_key, editable=False, max_length=12, primary_key=True, serialize=False, verbose_name='key')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('kind', models.CharField(choices=[('site', 'A site is lost'), ('ransomware', 'Ransomware'), ('stolen_credentials', 'Administrator credentials are stolen'), ('supplier', 'A supplier is gone'), ('system', 'A system fails'), ('everything', 'Everything is lost')], max_length=20, verbose_name='kind')),
                ('dwell_minutes', models.PositiveIntegerField(blank=True, help_text='How long the attacker was inside before striking.', null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(5270400)], verbose_name='dwell time')),
                ('combination', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='bcp.scenariocombination')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='bcp.organisation')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bcp.site', verbose_name='site')),
                ('system', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bcp.system', verbose_name='system or supplier')),
            ],
            options={
                'ordering': ['combination', 'position'],
            },
        ),
        migrations.AddConstraint(
            model_name='backuppolicy',
            constraint=models.UniqueConstraint(models.F('organisation'), django.db.models.functions.text.Lower('name'), name='backuppolicy_name_unique_in_organisation', violation_error_message='This name is already taken.'),
        ),
        migrations.AddConstraint(
            model_name='copyreport',
            constraint=models.UniqueConstraint(fields=('copy', 'number'), name='copyreport_number_unique_in_copy'),
        ),
        migrations.AddIndex(
            model_name='copystatus',
            index=models.Index(fields=['organisation', 'changed_at'], name='bcp_copysta_organis_799639_idx'),
        ),
        migrations.AddConstraint(
            model_name='exercise',
            constraint=models.UniqueConstraint(models.F('organisation'), django.db.models.functions.text.Lower('name'), name='exercise_name_unique_in_organisation', violation_error_message='This name is already taken.'),
        ),
        migrations.AddConstraint(
            model_name='exercise',
            constraint=models.CheckConstraint(condition=models.Q(('planned_on__isnull', False), ('done_on__isnull', False), _connector='OR'), name='exercise_is_planned_or_done', violation_error_message='Say when it is planned or when it was done.'),
        ),
        migrations.AddConstraint(
            model_name='exerciseresult',
            constraint=models.UniqueConstraint(fields=('exercise', 'system'), name='exerciseresult_system_unique_in_exercise'),
        ),
        migrations.AddConstraint(
            model_name='procedure',
            constraint=models.UniqueConstraint(fields=('system', 'number'), name='procedure_number_unique_in_system'),
        ),
        migrations.AddConstraint(
            model_name='procedure',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('system',), name='procedure_one_draft_in_system'),
        ),
        migrations.AddConstraint(
            model_name='procedure',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('system',), name='procedure_one_approved_in_system'),
        ),
        migrations.AddConstraint(
            model_name='procedure',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='procedure_approval_names_who_and_when'),
        ),
        migrations.AddConstraint(
            model_name='procedure',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('author__isnull', True), models.Q(('author', models.F('approved_by')), _negated=True), _connector='OR'), name='procedure_approver_is_not_author'),
        ),
        migrations.AddConstraint(
            model_name='procedurestep',
            constraint=models.UniqueConstraint(fields=('procedure', 'position'), name='procedurestep_position_unique_in_procedure'),
        ),
        migrations.AddIndex(
            model_name='restoretest',
            index=models.Index(fields=['copy', '-done_on'], name='restoretest_latest_of_copy'),
        ),
        migrations.AddConstraint(
            model_name='scenariocombination',
            constraint=models.UniqueConstraint(models.F('organisation'), django.db.models.functions.text.Lower('name'), name='scenariocombination_name_unique_in_organisation', violation_error_message='This name is already taken.'),
        ),
        migrations.AddConstraint(
            model_name='scenariopart',
            constraint=models.UniqueConstraint(fields=('combination', 'position'), name='scenariopart_position_unique_in_combination'),
        ),
        migrations.AddConstraint(
            model_name='scenariopart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'site'), ('site__isnull', False)), models.Q(models.Q(('kind', 'site'), _negated=True), ('site', None)), _connector='OR'), name='scenariopart_site_goes_with_the_loss_of_a_site', violation_error_message='Choose the site that is lost.'),
        ),
        migrations.AddConstraint(
            model_name='scenariopart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['supplier', 'system']), ('system__isnull', False)), models.Q(models.Q(('kind__in', ['supplier', 'system']), _negated=True), ('system', None)), _connector='OR'), name='scenariopart_system_goes_with_the_loss_of_a_system', violation_error_message='Choose the system or supplier that is lost.'),
        ),
        migrations.AddConstraint(
            model_name='scenariopart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('dwell_minutes__isnull', False), ('kind', 'ransomware')), models.Q(models.Q(('kind', 'ransomware'), _negated=True), ('dwell_minutes', None)), _connector='OR'), name='scenariopart_dwell_goes_with_ransomware', violation_error_message='Say how long the attacker was inside, such as 14d.'),
        ),
    ]
