import os

from django.core.wsgi import get_wsgi_application

from dadashop.environment import told_plainly
from verifications.wsgi import discreet

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dadashop.settings")
with told_plainly():
    application = discreet(get_wsgi_application())
