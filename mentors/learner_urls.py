"""What mentors shows to people themselves, beside the addresses of lms. None names anybody."""

from django.urls import path

from mentors import coaching, complaints, my_circle, seeking, views, writing

app_name = "looks"

urlpatterns = [
    path("mine/looks/", views.who_looked, name="mine"),
    path("mine/coach/", seeking.coach, name="coach"),
    path("mine/course/<str:code>/", coaching.trainee, name="trainee"),
    path("mine/coach/wrong/", complaints.wrong, name="wrong"),
    path("mine/coach/messages/", writing.own, name="messages"),
    path("mine/coach/messages/<uuid:message>/sound/", writing.own_sound, name="message-sound"),
    path("mine/coach/messages/<int:bond>/", writing.own, name="messages-with"),
    path("mine/coach/messages/<int:bond>/<uuid:message>/sound/", writing.own_sound, name="sound-with"),
    path("mine/circle/", my_circle.page, name="circle"),
    path("mine/circle/<uuid:meeting>/calendar/", my_circle.calendar, name="circle-calendar"),
    path("mine/circle/<uuid:meeting>/recording/", my_circle.recording, name="circle-recording"),
    path("mine/coach/<int:number>/", seeking.step, name="step"),
]
