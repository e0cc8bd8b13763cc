import desk
from django.http import JsonResponse
from phone_verify.models import SMSVerification
from phone_verify.urls import default_router


def codes(request):
    """A session's token comes with the answer of a send."""
    rows = SMSVerification.objects.filter(phone_number__in=desk.handed_over())
    fields = ("security_code", "session_token")
    return JsonResponse({str(row["phone_number"]): {name: row[name] for name in fields}
                         for row in rows.values("phone_number", *fields)})  # fmt: skip


urlpatterns = [*default_router.urls, *desk.routes(codes)]
