"""From one account to another: asked, approved by a second person, in use a day later; and every trick against it."""

import pytest
from django.utils.html import escape

from shop.audit.models import AuditEntry
from shop.messaging.models import Message
from shop.payment.services import attempts_of
from shop.payment.vietqr.models import BankAccount
from shop.payment.vietqr.services import account_current, accounts_activate_due
from tests.integration.seller.accounts.conftest import (
    HOME,
    NEW,
    accounts,
    approve,
    ask,
    change_of,
    notices,
    prove,
    stop,
)

pytestmark = pytest.mark.django_db

NUMBER = "0071000012345"


def fields(answer):
    return set(answer.context["form"].errors)


def transfer_of(consignment):
    return attempts_of(consignment.order).get().transfer


# -- The form ------------------------------------------------------------------------------------------------------


def test_separators_go_and_the_holder_is_folded(owner, cooperative):
    answer = ask(owner)
    assert (answer.status_code, answer["Location"]) == (303, HOME)
    account = change_of(cooperative)
    assert (account.bin, account.number, account.holder) == ("970436", NUMBER, "HOP TAC XA VU SUA LO REN")
    assert (account.state, account.asked_by) == ("asked", owner.user.phone)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"bin": ""}, {"bin"}),
        ({"bin": "123456"}, {"bin"}),
        ({"number": "12345", "again": "12345"}, {"number"}),
        ({"number": "1" * 20, "again": "1" * 20}, {"number"}),
        ({"number": "12345678<b>", "again": "12345678<b>"}, {"number"}),
        ({"number": "", "again": ""}, {"number", "again"}),
        ({"again": "0071000012346"}, {"again"}),
        ({"again": ""}, {"again"}),
        ({"holder": "A"}, {"holder"}),
        ({"holder": "Ơ" * 51}, {"holder"}),
        ({"holder": "合作社合作社"}, {"holder"}),
        ({"holder": ""}, {"holder"}),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(owner, cooperative, changes, wrong):
    before = accounts(cooperative)
    answer = owner.post(f"{HOME}doi/", NEW | changes)
    assert (answer.status_code, fields(answer)) == (422, wrong)
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    for name, value in (NEW | changes).items():
        if name not in wrong and name != "bin":
            assert f'value="{escape(value)}"' in page
    assert accounts(cooperative) == before
    assert owner.get(f"{HOME}doi/xem-lai/").status_code == 303


def test_full_width_digits_and_small_letters(owner, cooperative):
    typed = {"number": "９６２４７ab-c", "again": "96247ABC"}
    assert owner.post(f"{HOME}doi/", NEW | typed).status_code == 303
    owner.post(f"{HOME}doi/xem-lai/", {"number": "96247ABC"})
    assert change_of(cooperative).number == "96247ABC"


def test_the_review_says_what_will_happen(owner, accountant, cooperative):
    owner.post(f"{HOME}doi/", NEW)
    page = owner.get(f"{HOME}doi/xem-lai/").content.decode()
    for text in (NUMBER, "HOP TAC XA VU SUA LO REN", "Vietcombank", str(accountant.user), "24"):
        assert text in page
    assert change_of(cooperative) is None


def test_the_only_person_reads_whom_to_call(owner, cooperative, settings):
    owner.post(f"{HOME}doi/", NEW)
    assert f'href="tel:{settings.SUPPORT_PHONE}"' in owner.get(f"{HOME}doi/xem-lai/").content.decode()
    ask(owner)
    page = owner.get(HOME)
    assert page.context["others"] == []
    assert f'class="btn btn--small" href="tel:{settings.SUPPORT_PHONE}"' in page.content.decode()


def test_an_older_review_page_does_not_ask_for_what_was_typed_later(owner, cooperative):
    owner.post(f"{HOME}doi/", NEW)
    owner.post(f"{HOME}doi/", NEW | {"number": "99887766", "again": "99887766"})
    answer = owner.post(f"{HOME}doi/xem-lai/", {"number": NUMBER})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert change_of(cooperative) is None


def test_what_was_typed_for_one_cooperative_is_not_asked_for_another(owner, cooperative, neighbour):
    owner.post(f"{HOME}doi/", NEW)
    neighbour.memberships.create(user=owner.user, role="owner")
    owner.get("/ban-hang/", {"htx": neighbour.slug})
    answer = owner.post(f"{HOME}doi/xem-lai/", {"number": NUMBER})
    assert (answer.status_code, answer["Location"]) == (303, HOME)
    assert change_of(cooperative) is None
    assert change_of(neighbour) is None


def test_pressed_twice_it_is_asked_once(owner, cooperative):
    assert ask(owner).status_code == 303
    answer = owner.post(f"{HOME}doi/xem-lai/", {"number": NUMBER})
    assert (answer.status_code, answer["Location"]) == (303, HOME)
    assert accounts(cooperative)[1:] == [(NUMBER, "asked")]
    assert AuditEntry.objects.filter(action="account.asked").count() == 1


def test_the_account_in_use_is_not_asked_for(owner, cooperative):
    current = cooperative.bank_accounts.get()
    answer = ask(owner, bin=current.bin, number=current.number, again=current.number)
    assert answer.status_code == 409
    assert accounts(cooperative) == [(current.number, "active")]


def test_one_change_at_a_time(owner, cooperative):
    ask(owner)
    answer = ask(owner, number="99887766", again="99887766")
    assert answer.status_code == 409
    assert accounts(cooperative)[1:] == [(NUMBER, "asked")]


def test_seller_text_is_text(owner, accountant):
    owner.user.first_name = "<script>alert(1)</script>"
    owner.user.save()
    ask(owner)
    for client in (owner, accountant):
        assert "<script>alert(1)" not in client.get(HOME).content.decode()


# -- The second person ---------------------------------------------------------------------------------------------


def test_a_second_person_sees_both_and_approves(owner, accountant, cooperative, clock):
    old = cooperative.bank_accounts.get()
    ask(owner)
    account = change_of(cooperative)
    assert f"{HOME}{account.pk}/duyet/" in accountant.get(HOME).content.decode()
    page = accountant.get(f"{HOME}{account.pk}/duyet/").content.decode()
    for text in (NUMBER, old.number, f'href="tel:{owner.user.phone}"'):
        assert text in page
    answer = approve(accountant, account)
    assert (answer.status_code, answer["Location"]) == (303, HOME)
    account.refresh_from_db()
    assert (account.state, account.decided_by) == ("approved", accountant.user.phone)
    assert (account.active_from - clock.now).total_seconds() == 24 * 3600
    assert account_current(cooperative) == old


def test_approving_twice_is_one_step(owner, accountant, cooperative, clock):
    ask(owner)
    account = change_of(cooperative)
    approve(accountant, account)
    first = change_of(cooperative).active_from
    clock.forward(minutes=1)
    assert approve(accountant, account).status_code == 303
    assert change_of(cooperative).active_from == first
    assert AuditEntry.objects.filter(action="account.approved").count() == 1


def test_the_asker_is_not_the_second_person(owner, cooperative):
    ask(owner)
    account = change_of(cooperative)
    page = owner.get(f"{HOME}{account.pk}/duyet/").content.decode()
    assert f'action="{HOME}{account.pk}/dung/"' in page
    assert page.count("<form") == 2  # stop, sign out: no button to approve
    answer = approve(owner, account)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert change_of(cooperative).state == "asked"
    assert ("approved", cooperative.phone) not in notices()


def test_a_new_number_does_not_make_the_asker_a_second_person(owner, cooperative):
    ask(owner)
    owner.user.phone = "+84987000001"
    owner.user.save()
    answer = approve(owner, change_of(cooperative))
    assert answer.status_code == 409
    assert change_of(cooperative).state == "asked"


def test_nor_does_a_second_name_of_the_asker(owner, cooperative):
    ask(owner)
    owner.user.email = "chu@example.vn"
    owner.user.save()
    asked_by_mail = change_of(cooperative)
    BankAccount.objects.filter(pk=asked_by_mail.pk).update(asked_by="chu@example.vn")
    assert approve(owner, asked_by_mail).status_code == 409
    assert change_of(cooperative).state == "asked"


def test_nobody_approves_for_an_asker_who_has_left(owner, accountant, cooperative):
    ask(owner)
    owner.user.memberships.all().delete()
    assert approve(accountant, change_of(cooperative)).status_code == 409
    assert change_of(cooperative).state == "asked"
    assert stop(accountant, change_of(cooperative)).status_code == 303
    assert accounts(cooperative)[1:] == [(NUMBER, "refused")]


def test_a_decided_change_is_not_approved_again(owner, accountant, cooperative):
    ask(owner)
    account = change_of(cooperative)
    stop(owner, account)
    assert approve(accountant, account).status_code == 409
    assert accounts(cooperative)[1:] == [(NUMBER, "refused")]


# -- Stopping ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "accountant"])
@pytest.mark.parametrize("approved", [False, True])
def test_owner_and_accountant_stop_it_without_a_proof(person, owner, accountant, cooperative, who, approved):
    ask(owner)
    account = change_of(cooperative)
    if approved:
        approve(accountant, account)
    client = person(cooperative, who)
    for _ in range(2):
        assert stop(client, account).status_code == 303
    assert accounts(cooperative)[1:] == [(NUMBER, "refused")]
    assert AuditEntry.objects.filter(action="account.refused").count() == 1


def test_the_asker_stops_it_too(owner, cooperative):
    ask(owner)
    assert stop(owner, change_of(cooperative)).status_code == 303
    assert change_of(cooperative) is None


def test_after_the_day_it_cannot_be_stopped(owner, accountant, cooperative, clock):
    ask(owner)
    account = change_of(cooperative)
    approve(accountant, account)
    clock.forward(hours=24)
    assert stop(owner, account).status_code == 409
    assert account_current(cooperative).number == NUMBER


def test_the_account_in_use_is_not_stopped(owner, cooperative):
    current = cooperative.bank_accounts.get()
    assert stop(owner, current).status_code == 409
    assert approve(owner, current).status_code == 409
    assert accounts(cooperative) == [(current.number, "active")]


# -- The day -------------------------------------------------------------------------------------------------------


def test_codes_keep_the_old_account_until_the_day_is_over(owner, accountant, cooperative, order_of, clock):
    old = cooperative.bank_accounts.get().number
    ask(owner)
    approve(accountant, change_of(cooperative))
    before = transfer_of(order_of(cooperative))
    clock.forward(hours=23, minutes=59)
    late = transfer_of(order_of(cooperative))
    assert (before.number, late.number) == (old, old)
    clock.forward(minutes=1)
    after = transfer_of(order_of(cooperative))
    assert after.number == NUMBER
    assert NUMBER in after.payload
    before.refresh_from_db()
    late.refresh_from_db()
    assert (before.number, late.number) == (old, old)
    assert old in before.payload
    assert accounts_activate_due() == 1
    assert accounts(cooperative) == [(old, "closed"), (NUMBER, "active")]
    before.refresh_from_db()
    assert before.number == old


def test_the_page_follows_the_clock(owner, accountant, cooperative, clock):
    old = cooperative.bank_accounts.get()
    ask(owner)
    assert owner.get(HOME).context["pending"]["account"].number == NUMBER
    approve(accountant, change_of(cooperative))
    page = owner.get(HOME)
    assert page.context["current"]["account"] == old
    assert page.context["pending"]["account"].state == "approved"
    clock.forward(hours=24)
    page = owner.get(HOME)
    assert page.context["current"]["account"].number == NUMBER
    assert page.context["pending"] is None
    accounts_activate_due()
    page = owner.get(HOME)
    assert [row["account"] for row in page.context["history"]] == [old]


def test_a_change_that_is_due_does_not_stand_in_the_way_of_the_next(owner, accountant, cooperative, clock):
    ask(owner)
    approve(accountant, change_of(cooperative))
    clock.forward(hours=24)
    prove(owner)
    assert ask(owner, number="99887766", again="99887766").status_code == 303
    assert [state for _number, state in accounts(cooperative)] == ["closed", "active", "asked"]


# -- Messages ------------------------------------------------------------------------------------------------------


def test_everybody_is_told_once_of_each_step(owner, accountant, person, cooperative, clock):
    packer = person(cooperative, "packer")
    everybody = sorted([owner.user.phone, accountant.user.phone, packer.user.phone, cooperative.phone])
    ask(owner)
    owner.post(f"{HOME}doi/xem-lai/", {"number": NUMBER})
    assert notices() == [("asked", to) for to in everybody]
    account = change_of(cooperative)
    approve(accountant, account)
    approve(accountant, account)
    clock.forward(hours=24)
    assert (accounts_activate_due(), accounts_activate_due()) == (1, 0)
    assert notices() == sorted((step, to) for step in ("asked", "approved", "active") for to in everybody)
    assert all(NUMBER in body for body in Message.objects.filter(kind="account_change").values_list("body", flat=True))


def test_the_trail_tells_who_and_what(owner, accountant, cooperative):
    ask(owner)
    approve(accountant, change_of(cooperative))
    scope = f"cooperative:{cooperative.pk}"
    trail = list(AuditEntry.objects.filter(scope=scope, action__startswith="account.").values_list("action", "by"))
    assert trail == [("account.asked", owner.user.phone), ("account.approved", accountant.user.phone)]
    assert NUMBER in AuditEntry.objects.filter(action="account.asked").get().after
