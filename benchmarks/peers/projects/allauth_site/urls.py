from datetime import timedelta

import desk
from django.contrib.sessions.models import Session
from django.http import JsonResponse
from django.urls import include, path
from django.utils import timezone


def codes(request):
    """A session's token comes with the answer of a send; here it is found by its code's phone."""
    found = {}
    lately = timezone.now() + timedelta(days=14, minutes=-5)
    for session in Session.objects.filter(expire_date__gt=lately):
        login = session.get_decoded().get("account_login")
        if login:
            stage = login["state"]["stages"]["login_by_code"]["data"]
            known = {"code": stage["code"], "session_token": session.session_key}
            found[stage["phone"]] = known
    return JsonResponse(found)


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    *desk.routes(codes),
]
