#!/usr/bin/env python3
"""A stock Django with sessions in its database, for a test of its cookies beside those of the session.

django_application.py FOLDER listens on FOLDER/application.sock, and keeps its database in FOLDER. Each request counts as a visit of
the Django session.
"""
import socketserver
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import re_path

folder = sys.argv[1]
settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder + "/database"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of the test",
)


def visit(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return JsonResponse({
        "visits": request.session["visits"],
        "accountid": request.headers.get("X-Accountid", ""),
        "cookies": sorted(request.COOKIES),
    })


urlpatterns = [re_path("", visit)]


class Server(socketserver.UnixStreamServer, WSGIServer):
    def server_bind(self):
        socketserver.UnixStreamServer.server_bind(self)
        self.server_name, self.server_port = "localhost", 80
        self.setup_environ()


class Handler(WSGIRequestHandler):
    def address_string(self):
        return "nginx"

    def log_message(self, *arguments):
        pass

    def get_environ(self):
        self.client_address = ("nginx", 0)
        return super().get_environ()


if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    server = Server(folder + "/application.sock", Handler)
    server.set_app(get_wsgi_application())
    server.serve_forever()
