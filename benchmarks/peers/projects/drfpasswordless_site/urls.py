import desk
from django.http import JsonResponse
from django.urls import include, path


def keep(user, token, **payload):
    """The sender."""
    desk.keep(user.mobile, token.key)
    return True


def codes(request):
    return JsonResponse({phone: {"token": key} for phone, key in desk.handed_over().items()})


urlpatterns = [path("", include("drfpasswordless.urls")), *desk.routes(codes)]
