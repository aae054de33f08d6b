"""The addresses of persons."""

from zhiren.people import past_views, permissions, views
from zhiren.people.employees.urls import urlpatterns as employees
from zhiren.plumbing.routes import route

app_name = "people"
_PAST = "<uuid:person_id>/past-attendance"

urlpatterns = [
    *employees,
    route("<uuid:person_id>", views.person, name="person", needs=permissions.VIEW),
    route("<uuid:person_id>/timeline", views.timeline_of_person, name="timeline", needs=permissions.VIEW_TIMELINE),
    route("<uuid:person_id>/resume", views.resume_of_person, name="resume", needs=permissions.VIEW),
    route("<uuid:person_id>/resume/wide", views.resume_wide, name="resume_wide", needs=permissions.VIEW),
    route(
        "<uuid:person_id>/resumes/<uuid:resume_id>/fields",
        views.resume_fields,
        name="resume_fields",
        needs=permissions.VIEW,
    ),
    route(
        "<uuid:person_id>/resumes/<uuid:resume_id>/field",
        views.resume_field,
        name="resume_field",
        needs=permissions.VIEW,
    ),
    route(
        "<uuid:person_id>/resumes/<uuid:resume_id>/correct",
        views.correct_resume,
        name="correct_resume",
        needs=permissions.EDIT,
        methods=["POST"],
    ),
    route(
        "<uuid:person_id>/corrections/<uuid:correction_id>/withdraw",
        views.withdraw_correction,
        name="withdraw_correction",
        needs=permissions.EDIT,
        methods=["POST"],
    ),
    route(
        "<uuid:person_id>/resumes/<uuid:resume_id>/original",
        views.resume_original,
        name="resume_original",
        needs=permissions.REVEAL,
    ),
    route(
        "<uuid:person_id>/resumes/<uuid:resume_id>/pages/<int:page>",
        views.resume_picture,
        name="resume_page",
        needs=permissions.REVEAL,
    ),
    route(
        "<uuid:person_id>/resumes/<uuid:resume_id>/reread",
        views.reread,
        name="reread",
        needs=permissions.EDIT,
        methods=["POST"],
    ),
    route("<uuid:person_id>/rereadings/<uuid:rereading_id>", views.rereading, name="rereading", needs=permissions.EDIT),
    route(
        "<uuid:person_id>/rereadings/<uuid:rereading_id>/take",
        views.take_rereading,
        name="take_rereading",
        needs=permissions.EDIT,
        methods=["POST"],
    ),
    route(
        "<uuid:person_id>/rereadings/<uuid:rereading_id>/leave",
        views.leave_rereading,
        name="leave_rereading",
        needs=permissions.EDIT,
        methods=["POST"],
    ),
    route("readings", views.readings, name="readings", needs=permissions.REPARSE),
    route("readings/start", views.start_run, name="start_run", needs=permissions.REPARSE, methods=["POST"]),
    route("readings/<uuid:run_id>", views.run_part, name="run_part", needs=permissions.REPARSE),
    route(
        "readings/<uuid:run_id>/cancel",
        views.cancel_run,
        name="cancel_run",
        needs=permissions.REPARSE,
        methods=["POST"],
    ),
    route(
        "readings/<uuid:run_id>/go-on", views.resume_run, name="resume_run", needs=permissions.REPARSE, methods=["POST"]
    ),
    route("readings/<uuid:run_id>/take", views.take_run, name="take_run", needs=permissions.REPARSE, methods=["POST"]),
    route("reader", views.reader_report, name="reader_report", needs=permissions.REPARSE),
    route("<uuid:person_id>/edit", views.edit, name="edit", needs=permissions.EDIT, methods=["GET", "POST"]),
    route(
        "<uuid:person_id>/contacts",
        views.add_contact,
        name="add_contact",
        needs=permissions.EDIT,
        methods=["GET", "POST"],
    ),
    route(
        "<uuid:person_id>/contacts/<uuid:contact_id>/reveal",
        views.reveal,
        name="reveal",
        needs=permissions.REVEAL,
        methods=["POST"],
    ),
    route("duplicates", views.duplicates, name="duplicates", needs=permissions.MERGE),
    route(
        "duplicates/<uuid:suggestion_id>/dismiss",
        views.not_the_same,
        name="not_the_same",
        needs=permissions.MERGE,
        methods=["POST"],
    ),
    route(
        "<uuid:person_id>/same-as/<uuid:other_id>",
        views.same_as,
        name="same_as",
        needs=permissions.MERGE,
        methods=["GET", "POST"],
    ),
    route("<uuid:person_id>/sameness", views.sameness, name="sameness", needs=permissions.MERGE),
    route(
        "merges/<uuid:merge_id>/undo", views.undo_merge, name="undo_merge", needs=permissions.MERGE, methods=["POST"]
    ),
    route("<uuid:person_id>/key", views.mark_key, name="mark_key", needs=permissions.EDIT, methods=["POST"]),
    route(f"{_PAST}", past_views.card, name="past_attendance", needs=permissions.VIEW_PAST_ATTENDANCE),
    route(
        f"{_PAST}/consent",
        past_views.consent,
        name="past_consent",
        needs=permissions.VIEW_PAST_ATTENDANCE,
        methods=["GET", "POST"],
    ),
    route(
        f"{_PAST}/take-back",
        past_views.take_back,
        name="take_past_consent_back",
        needs=permissions.VIEW_PAST_ATTENDANCE,
        methods=["POST"],
    ),
    route(
        f"{_PAST}/new",
        past_views.add,
        name="add_past_attendance",
        needs=permissions.VIEW_PAST_ATTENDANCE,
        methods=["GET", "POST"],
    ),
    route(
        "past-attendance/<uuid:past_attendance_id>/remove",
        past_views.remove,
        name="remove_past_attendance",
        needs=permissions.VIEW_PAST_ATTENDANCE,
        methods=["POST"],
    ),
    route("<uuid:person_id>/files/<uuid:document_id>", views.document, name="document", needs=permissions.REVEAL),
]
