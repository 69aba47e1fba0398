from django.urls import path

from guildhall.account.pages import councils, finding, home, messages

app_name = "account"
urlpatterns = [
    path("", finding.find, name="find"),
    path("find-local-council", finding.find, name="find-local-council"),
    path("find-local-council/multiple_authorities", finding.choose_address, name="multiple-authorities"),
    path("find-local-council/<slug:slug>", finding.found, name="found"),
    path("account", home.home, name="home"),
    path("account/messages", messages.messages, name="messages"),
    path("account/messages/<uuid:message_id>", messages.message, name="message"),
    path("<slug:council>", councils.council_home, name="council"),
    path("<slug:council>/privacy", councils.privacy, name="privacy"),
    path("<slug:council>/cookies", councils.cookies, name="cookies"),
    path("<slug:council>/accessibility", councils.accessibility, name="accessibility"),
]
