"""Every address of the site. Learners' begin with the language; staff work under /cms/ and /desk/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from config.gallery import gallery
from courses.views import service_worker
from lms.api import api
from lms.views import errors, invited, ways_in

urlpatterns = [
    path("", ways_in.choose_language, name="languages"),
    path("k", ways_in.card, name="card-address"),  # short: it is printed on cards
    path("i", invited.invitation, name="invitation-address"),  # short: it is in QRs and on paper
    path("sw.js", service_worker),
    path("healthz", ways_in.healthy),
    path("api/v1/", api.urls),
    path("staff/", include("lms.staff_urls")),
    path("cms/", include(wagtailadmin_urls)),
    path("desk/", include("mentors.urls")),
    *i18n_patterns(
        path("elements/", gallery, name="gallery"),
        path("", include("courses.urls")),
        path("", include("lms.urls")),
        path("", include("mentors.learner_urls")),
        path("_util/login/", errors.nothing_here),  # Wagtail's: a password without limits or second factor
        path("", include(wagtail_urls)),
    ),
]

handler403 = "lms.views.errors.not_allowed"
handler404 = "lms.views.errors.not_found"
handler500 = "lms.views.errors.went_wrong"
