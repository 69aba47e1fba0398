"""Addresses of the pages. The letters, the gate and the page shell name them."""

from django.urls import path

from guildhall.identity.pages import (
    invited,
    language,
    protecting,
    reading,
    recovering,
    registering,
    signing_in,
    signing_out,
)

app_name = "identity"

urlpatterns = [
    path("account/register", registering.register, name="register"),
    path("account/register/check-your-email", registering.verify_email, name="verify-email"),
    path("account/register/new-code", registering.new_creation_code, name="new-creation-code"),
    path("account/sign-in", signing_in.sign_in, name="sign-in"),
    path("account/sign-in/security-code", signing_in.second_step, name="second-step"),
    path("account/sign-in/new-code", signing_in.new_code, name="new-code"),
    path("account/sign-in/prove-more", signing_in.prove_more, name="prove-more"),
    path("account/sign-in/password", signing_in.confirm_password, name="confirm-password"),
    path("account/sign-out", signing_out.sign_out, name="sign-out"),
    path("account/signed-out", signing_out.signed_out, name="signed-out"),
    path("account/stay-signed-in", signing_out.stay_signed_in, name="stay-signed-in"),
    path("account/forgotten-password", recovering.forgotten_password, name="forgotten-password"),
    path("account/forgotten-password/check-your-email", recovering.reset_sent, name="reset-sent"),
    path("account/new-password/done", recovering.password_changed, name="password-changed"),
    path("account/new-password/<str:token>", recovering.new_password, name="new-password"),
    path("account/security", protecting.security, name="security"),
    path("account/security/codes", protecting.second_factor, name="second-factor"),
    path("account/security/codes/app", protecting.app, name="app"),
    path("account/security/codes/app.svg", protecting.app_picture, name="app-picture"),
    path("account/security/codes/email", protecting.emailed_codes, name="emailed-codes"),
    path("account/security/password", protecting.change_password, name="change-password"),
    path("account/security/sign-out-elsewhere", protecting.sign_out_elsewhere, name="sign-out-elsewhere"),
    path("account/language", language.language, name="language"),
    path("account/where-to-read", reading.where_to_read, name="where-to-read"),
    path("account/invitation/<str:token>", invited.invitation, name="invitation"),
]
