"""What mentors shows to people themselves, beside the addresses of lms. None names anybody."""

from django.urls import path

from mentors import views

app_name = "looks"

urlpatterns = [path("mine/looks/", views.who_looked, name="mine")]
