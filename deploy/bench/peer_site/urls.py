"""The addresses of the peer's site."""

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls

urlpatterns = [
    path("accounts/login/", LoginView.as_view()),
    path("lms/", include("wagtail_lms.urls")),
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    path("", include(wagtail_urls)),
]
