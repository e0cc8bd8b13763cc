from django.urls import path

from . import views

urlpatterns = [
    path("v1/verifications/codes", views.codes),
    path("v1/verifications/codes/<str:code_id>", views.code_status),
    path("v1/verifications/verify", views.verify),
    path("v1/users/me", views.me),
    path("v1/openapi.json", views.openapi_document),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", views.metrics),
]
