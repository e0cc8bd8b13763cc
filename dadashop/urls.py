from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from . import mall, openapi, pages

urlpatterns = [
    path("", pages.index),
    path("v1/docs", pages.docs),
    path("v1/docs/problems", pages.problem_kinds),
    path("v1/docs/example", pages.example),
    path("v1/openapi.json", openapi.serve),
    path("v1/users", mall.register),
    path("v1/users/register", mall.register),
    path("v1/users/sms/code", mall.send_code),
    path("v1/tokens/sms", mall.log_in),
    path("admin/", admin.site.urls),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("", include("verifications.urls")),
    path("v1/<path:rest>", pages.no_such_route),
]

handler404 = "dadashop.pages.not_found"
handler500 = "dadashop.pages.server_error"
