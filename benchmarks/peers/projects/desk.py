"""Routes of the benchmark itself, which no measured request takes."""

from django.http import HttpResponse
from django.urls import path

kept = {}  # phone: code, of the texts that were not sent


def keep(phone, code):
    kept[str(phone)] = code


def ready(request):
    return HttpResponse(b"ok\n", "text/plain")


def routes(codes):
    """`codes` answers with {phone: what whoever got the text would know}."""
    return [path("healthz", ready), path("bench/codes", codes)]


def handed_over():
    """What was kept since the last time."""
    found = dict(kept)
    kept.clear()
    return found
