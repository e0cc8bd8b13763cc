import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("verifications", "0003_listentry"),
    ]

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        error_messages={"unique": "这个平台已经有预算了，请直接修改原有的一条。"},
                        help_text="留空表示所有平台合计；否则填写平台名称，例如 cloopen。",
                        max_length=32,
                        unique=True,
                        verbose_name="平台",
                    ),
                ),
                (
                    "hourly",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="留空表示不限。",
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="每小时预算（元）",
                    ),
                ),
                (
                    "daily",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="留空表示不限。",
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="每日预算（元）",
                    ),
                ),
            ],
            options={
                "verbose_name": "预算",
                "verbose_name_plural": "预算",
            },
        ),
    ]
