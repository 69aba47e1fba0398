from django.urls import path

from guildhall.organisations.pages import audit, keys, logo, opening, operators, settings, staff, team

app_name = "organisations"
urlpatterns = [
    path("staff", staff.councils, name="councils"),
    path("staff/<slug:council>", staff.home, name="staff-home"),
    path("staff/<slug:council>/open", opening.opening, name="open"),
    path("staff/<slug:council>/team", team.members, name="team"),
    path("staff/<slug:council>/team/invite", team.invite, name="invite"),
    path("staff/<slug:council>/team/leave", team.leave, name="leave"),
    path("staff/<slug:council>/team/<uuid:person_id>", team.roles, name="roles"),
    path("staff/<slug:council>/team/<uuid:person_id>/remove", team.remove, name="remove"),
    path("staff/<slug:council>/team/invitations/<uuid:invitation_id>/withdraw", team.withdraw, name="withdraw"),
    path("staff/<slug:council>/team/invitations/<uuid:invitation_id>/send-again", team.send_again, name="send-again"),
    path("staff/<slug:council>/keys", keys.keys, name="keys"),
    path("staff/<slug:council>/keys/create", keys.create, name="create-key"),
    path("staff/<slug:council>/keys/<uuid:key_id>/revoke", keys.revoke, name="revoke-key"),
    path("staff/<slug:council>/settings", settings.settings, name="settings"),
    path("staff/<slug:council>/settings/logo", settings.logo, name="change-logo"),
    path("staff/<slug:council>/settings/logo/remove", settings.remove_logo, name="remove-logo"),
    path("staff/<slug:council>/audit", audit.trail, name="audit"),
    path("staff/<slug:council>/audit/trail.csv", audit.spreadsheet, name="audit-csv"),
    path("staff/<slug:council>/audit/trail.jsonl", audit.data, name="audit-data"),
    path("operator", operators.councils, name="operator"),
    path("operator/<slug:council>", operators.council, name="operator-council"),
    path("operator/<slug:council>/take-off", operators.take_off, name="take-off"),
    path("operator/<slug:council>/put-back", operators.put_back, name="put-back"),
    path("operator/<slug:council>/send-team-away", operators.send_away, name="send-away"),
    path(
        "operator/<slug:council>/invitations/<uuid:invitation_id>/withdraw",
        operators.withdraw,
        name="operator-withdraw",
    ),
    path(
        "operator/<slug:council>/invitations/<uuid:invitation_id>/send-again",
        operators.send_again,
        name="operator-send-again",
    ),
    path("<slug:council>/logo.png", logo.logo, name="logo"),
]
