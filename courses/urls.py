"""What the courses answer anew each time. Lessons themselves are published files."""

from django.urls import path

from courses import views

app_name = "courses"
urlpatterns = [path("find/", views.find_lessons, name="find")]
