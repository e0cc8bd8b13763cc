from django.urls import include, path

from . import mall, pages

urlpatterns = [
    path("", pages.index),
    path("v1/docs", pages.docs),
    path("v1/docs/problems", pages.problems),
    path("v1/users", mall.register),
    path("v1/users/register", mall.register),
    path("v1/users/sms/code", mall.send_code),
    path("v1/tokens/sms", mall.log_in),
    path("", include("verifications.urls")),
    path("v1/<path:rest>", pages.no_such_route),
]

handler404 = "dadashop.pages.not_found"
handler500 = "dadashop.pages.server_error"
