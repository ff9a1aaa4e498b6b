"""Addresses of the desk, where staff walk beside people."""

from django.urls import path

from mentors import (
    call_list,
    circle_plans,
    circle_room,
    coaching,
    importing,
    pairing,
    policy_room,
    reception,
    remarks,
    safeguarding,
    talks,
    views,
    writing,
)

app_name = "mentors"

urlpatterns = [
    path("", views.home, name="home"),
    path("people/<uuid:uid>/", views.person, name="person"),
    path("people/<uuid:uid>/confirm/", views.confirm_phone, name="confirm-phone"),
    path("remarks/", remarks.index, name="remarks"),
    path("remarks/<uuid:uid>/", remarks.one, name="remark"),
    path("remarks/<uuid:uid>/voice/", remarks.voice, name="remark-voice"),
    path("reception/", reception.desk, name="reception"),
    path("reception/cards/", reception.room_cards, name="room-cards"),
    path("reception/cards/sheet/", reception.sheet, name="sheet"),
    path("reception/invitations/", reception.invitations_page, name="invitations"),
    path("reception/invitations/<uuid:uid>/end/", reception.end_invitation, name="end-invitation"),
    path("lists/<uuid:programme>/", importing.room, name="lists"),
    path("matching/<uuid:programme>/", pairing.room, name="matching"),
    path("policy/<uuid:programme>/", policy_room.room, name="policy"),
    path("safeguarding/<uuid:programme>/", safeguarding.room, name="safeguarding"),
    path("safeguarding/<uuid:programme>/reported/<uuid:told>/", safeguarding.reported, name="reported"),
    path(
        "safeguarding/<uuid:programme>/reported/<uuid:told>/<uuid:message>/sound/",
        safeguarding.reported_sound,
        name="reported-sound",
    ),
    path("coach/<uuid:programme>/", coaching.offer, name="offer"),
    path("coach/asked/<uuid:uid>/", coaching.answer, name="answer"),
    path("people/<uuid:uid>/talk/", talks.talk, name="talk"),
    path("phone/", call_list.bring, name="phone"),
    path("people/<uuid:uid>/messages/", writing.desk, name="messages"),
    path("people/<uuid:uid>/messages/<uuid:message>/sound/", writing.desk_sound, name="message-sound"),
    path("walks/<uuid:programme>/", talks.board, name="walks"),
    path("people/<uuid:uid>/number/", coaching.tell_number, name="tell-number"),
    path("circles/", circle_room.index, name="circles"),
    path("circles/new/<uuid:programme>/", circle_room.new, name="new-circle"),
    path("circles/plan/<uuid:programme>/", circle_plans.room, name="circle-plans"),
    path("circles/grid/<uuid:programme>/", circle_room.programme_grid, name="programme-grid"),
    path("circles/<uuid:uid>/", circle_room.one, name="circle"),
    path("circles/<uuid:uid>/grid/", circle_room.circle_grid, name="circle-grid"),
    path("circles/meetings/<uuid:uid>/", circle_room.meeting, name="meeting"),
    path("circles/meetings/<uuid:uid>/calendar/", circle_room.calendar, name="meeting-calendar"),
    path("circles/meetings/<uuid:uid>/recording/", circle_room.recording, name="meeting-recording"),
    path("language/", views.language, name="language"),
]
