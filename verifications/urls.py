from django.urls import path

from . import receipts, views

urlpatterns = [
    path("v1/verifications/codes", views.codes),
    path("v1/verifications/codes/<str:code_id>", views.code_status),
    path("v1/verifications/verify", views.verify),
    path("v1/verifications/captcha", views.challenge),
    path("v1/users/me", views.me),
    path("v1/notices", views.notices),
    path("v1/pickup-codes", views.issue_pickup_code),
    path("v1/pickup-codes/redeem", views.redeem_pickup_code),
    path("v1/pickup-codes/cancel", views.cancel_pickup_code),
    path("v1/receipts/<str:provider>/<str:secret>", receipts.receive),
    path("v1/openapi.json", views.openapi_document),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", views.metrics),
]
