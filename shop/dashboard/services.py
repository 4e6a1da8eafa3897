"""The operators' group and who is in it."""

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from oscar.core.application import OscarDashboardConfig

from shop.audit.services import entry_add
from shop.dashboard.permissions import OPERATORS

#: What operators may do in any cooperative's workspace: decide about bank lines, approve a changed account.
MONEY = {"vietqr.change_bankline", "vietqr.change_bankaccount"}


@transaction.atomic
def operators_group_ensure() -> Group:
    """The operators' group with every permission that a dashboard page asks for; safe to call again and again.

    Permissions that somebody added stay. Needs the permissions' rows, so it runs after ``migrate``.
    """
    group, _ = Group.objects.get_or_create(name=OPERATORS)
    wanted = dashboard_permissions() | MONEY
    labels = {name.partition(".")[0] for name in wanted}
    rows = Permission.objects.filter(content_type__app_label__in=labels).select_related("content_type")
    group.permissions.add(*(row for row in rows if f"{row.content_type.app_label}.{row.codename}" in wanted))
    return group


@transaction.atomic
def operator_add(*, user: Any, by: str = "") -> bool:
    """Let a person work in the dashboard; True when this call did it."""
    group = operators_group_ensure()
    if user.groups.filter(pk=group.pk).exists():
        return False
    user.groups.add(group)
    subject = f"user:{user.get_username() or user.pk}"
    entry_add(action="role.granted", subject=subject, by=by, scope="market", after={"role": OPERATORS})
    return True


def dashboard_permissions() -> set[str]:
    """``app.codename`` of all permissions that Oscar's dashboard asks for, except those of its closed pages."""
    dashboard = apps.get_app_config("dashboard")
    names: set[str] = set()
    for config in apps.get_app_configs():
        pages = config.permissions_map if isinstance(config, OscarDashboardConfig) else {}
        for required in (needs for page, needs in pages.items() if not dashboard.is_closed(page)):
            alternatives = required if isinstance(required, tuple) else (required,)
            names.update(name for alternative in alternatives for name in alternative if "." in name)
    return names
