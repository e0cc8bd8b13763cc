import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("verifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("fingerprint", models.CharField(max_length=32)),
                ("answer", models.JSONField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="PickupCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.CharField(max_length=64, unique=True, verbose_name="订单号")),
                ("phone", models.CharField(db_index=True, max_length=16, verbose_name="手机号码")),
                ("challenge", models.CharField(max_length=24)),
                ("created_at", models.DateTimeField(verbose_name="创建时间")),
                ("expires_at", models.DateTimeField(verbose_name="有效期至")),
                ("texted_at", models.DateTimeField(verbose_name="最近发送")),
                ("redeemed_at", models.DateTimeField(null=True, verbose_name="提货时间")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="取消时间")),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "提货码",
                "verbose_name_plural": "提货码",
            },
        ),
        migrations.CreateModel(
            name="EarlyReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=32)),
                ("message_id", models.CharField(max_length=64)),
                ("phone", models.CharField(max_length=16)),
                ("delivered", models.BooleanField()),
                ("code", models.CharField(blank=True, max_length=64)),
                ("received_at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "message_id", "phone"), name="early_receipt_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("phone", models.CharField(max_length=16, verbose_name="手机号码")),
                (
                    "kind",
                    models.CharField(
                        choices=[("code", "验证码"), ("pickup", "提货码"), ("notice", "通知")],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("template", models.CharField(max_length=64, verbose_name="模板")),
                ("params", models.JSONField(default=dict, verbose_name="参数")),
                ("challenge", models.CharField(blank=True, max_length=24)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "待发送"),
                            ("sent", "已发送"),
                            ("delivered", "已送达"),
                            ("undelivered", "未送达"),
                            ("failed", "发送失败"),
                            ("expired", "已过期"),
                            ("unknown", "结果未知"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=64, verbose_name="原因")),
                ("created_at", models.DateTimeField(verbose_name="创建时间")),
                ("expires_at", models.DateTimeField(verbose_name="有效期至")),
                ("updated_at", models.DateTimeField(verbose_name="更新时间")),
                ("due_at", models.DateTimeField()),
                ("rounds", models.PositiveSmallIntegerField(default=0)),
                ("claim", models.UUIDField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "短信",
                "verbose_name_plural": "短信",
                "indexes": [
                    models.Index(fields=["status", "due_at"], name="message_due"),
                    models.Index(fields=["phone", "created_at"], name="message_phone"),
                    models.Index(fields=["created_at"], name="message_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryAttempt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("provider", models.CharField(max_length=32, verbose_name="平台")),
                ("request_id", models.CharField(max_length=32)),
                ("provider_message_id", models.CharField(blank=True, max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "进行中"),
                            ("sent", "已受理"),
                            ("rejected", "号码被拒绝"),
                            ("unavailable", "未受理"),
                            ("uncertain", "结果不明"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="结果",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=64, verbose_name="平台代码")),
                ("latency_ms", models.PositiveIntegerField(null=True, verbose_name="耗时（毫秒）")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                (
                    "arrival",
                    models.CharField(
                        blank=True,
                        choices=[("delivered", "已送达"), ("undelivered", "未送达")],
                        max_length=12,
                        verbose_name="状态报告",
                    ),
                ),
                (
                    "arrival_code",
                    models.CharField(blank=True, max_length=64, verbose_name="运营商代码"),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="verifications.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "发送记录",
                "verbose_name_plural": "发送记录",
                "indexes": [
                    models.Index(
                        fields=["provider_message_id", "provider"], name="attempt_their_id"
                    ),
                    models.Index(fields=["request_id"], name="attempt_our_id"),
                ],
            },
        ),
    ]
