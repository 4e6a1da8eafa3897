"""Tasks whose worker was killed come back, but not for ever."""

import pytest
from django_tasks_db.models import DBTaskResult

from shop.messaging.rescue import RESCUES, task_put_back, tasks_rescue

pytestmark = pytest.mark.django_db


def started(worker: str = "w") -> DBTaskResult:
    """The next task, in the hands of a worker."""
    row = DBTaskResult.objects.ready().first()
    row.claim(worker)
    return row


def test_a_stale_task_is_done_by_another_worker(backend, queued, later, run_tasks):
    queued()
    row = started()
    assert tasks_rescue() == 0
    later(119)
    assert (tasks_rescue(), run_tasks()) == (0, 0)
    later(2)
    assert tasks_rescue() == 1
    row.refresh_from_db()
    assert (row.status, row.started_at, row.worker_ids) == ("READY", None, ["w"])

    assert run_tasks() == 1
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("SUCCESSFUL", ["w", "test"])
    assert backend.sent == ["test-1"]
    later(86_400)
    assert tasks_rescue() == 0


def test_older_than_is_in_seconds(backend, queued, later):
    queued()
    started()
    later(30)
    assert tasks_rescue(older_than_s=31) == 0
    assert tasks_rescue(older_than_s=29) == 1


def test_three_times_and_no_more(backend, queued, later, caplog):
    queued()
    for number in range(RESCUES):
        started(f"w{number}")
        later(121)
        assert tasks_rescue() == 1
    row = started("w3")
    later(121)
    assert tasks_rescue() == 0

    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("FAILED", ["w0", "w1", "w2", "w3"])
    assert row.finished_at
    assert row.traceback == "The worker disappeared each of the 4 times that this task was started.\n"
    assert row.task_result.errors[0].exception_class.__name__ == "WorkerGone"
    assert "task given up" in caplog.text
    assert backend.sent == []


def test_a_task_that_ended_meanwhile_is_left_alone(backend, queued, later):
    """It was stale when the rows were read and had ended when its turn came."""
    queued()
    started()
    later(121)
    row = DBTaskResult.objects.get()
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert task_put_back(row.pk, row.task_path, row.worker_ids, row.started_at) is False
    assert task_put_back(row.pk, row.task_path, ["w"] * 4, row.started_at) is False
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_task_that_another_worker_has_by_now_is_left_alone(backend, queued, later):
    queued()
    started()
    later(121)
    row = DBTaskResult.objects.get()
    assert tasks_rescue() == 1
    started("w2")
    assert task_put_back(row.pk, row.task_path, row.worker_ids, row.started_at) is False
    assert DBTaskResult.objects.values_list("status", "worker_ids").get() == ("RUNNING", ["w", "w2"])
