"""A learner's addresses, each below a language. None names a person: they act for whoever holds the phone."""

from django.urls import path

from lms.views import answer, carry, consent, help, here, invited, learned, mine, several, way, ways_in

app_name = "lms"
urlpatterns = [
    path("start/", ways_in.start, name="start"),
    path("start/number/", ways_in.number, name="number"),
    path("start/code/", ways_in.code, name="code"),
    path("start/quiet/", ways_in.quiet, name="quiet"),
    path("start/you/", ways_in.you, name="you"),
    path("start/card/", ways_in.card, name="card-in"),
    path("start/first/", ways_in.first_card, name="first-card"),
    path("start/again/", ways_in.again, name="again"),
    path("start/who/", several.who, name="who"),
    path("start/new/", several.new, name="new"),
    path("start/invitation/", invited.invitation, name="invitation"),
    path("answer/", answer.answer, name="answer"),
    path("carry/", carry.carry, name="carry"),
    path("here/<uuid:lesson>/<slug:block>/", here.here, name="here"),
    path("help/", help.help_page, name="help"),
    path("leave/", ways_in.leave, name="leave"),
    path("mine/", mine.mine, name="mine"),
    path("mine/card/", mine.card, name="card"),
    path("mine/number/", ways_in.own_number, name="own-number"),
    path("mine/number/code/", ways_in.own_code, name="own-code"),
    path("mine/pin/", several.pin, name="pin"),
    path("mine/hidden/", several.hidden, name="hidden"),
    path("mine/family/", several.family, name="family"),
    path("mine/learned/<uuid:unit>/", learned.what_i_learned, name="learned"),
    path("mine/way/", way.my_way, name="way"),
    path("mine/way/going/", way.going, name="way-going"),
    path("mine/way/home/", way.home, name="way-home"),
    path("mine/way/about/", way.about, name="way-about"),
    path("mine/way/ends/", way.ends, name="way-ends"),
    path("mine/way/plan/", way.plan, name="way-plan"),
    path("mine/phones/", mine.my_phones, name="phones"),
    path("mine/voice/", mine.voice, name="voice"),
    path("mine/consent/", consent.answers, name="consent"),
    path("mine/consent/<slug:purpose>/", consent.question, name="question"),
    path("mine/data/", mine.data, name="data"),
    path("mine/data/copy/", mine.data_copy, name="data-copy"),
    path("mine/data/forget/", mine.forget, name="forget"),
]
