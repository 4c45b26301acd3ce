"""The page of jobs holds to the program."""

import re
from pathlib import Path

from bixie.access import jobs as access
from bixie.cases import jobs as cases
from bixie.cases.decisions import REMEDY, REVERSAL
from bixie.jobs.models import State
from bixie.jobs.queue import MAX_CRASHES
from bixie.jobs.rules import Retries
from bixie.ledger import jobs as ledger
from bixie.notices.rules import Channel, job_name
from bixie.vault import jobs as vault
from bixie.vault.claims import EXAMINATION
from bixie.vault.reconciliation import jobs as reconciliation
from bixie.vault.retention import jobs as retention
from bixie.vault.uploads import jobs as uploads

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/reference/jobs.md").read_text(encoding="utf-8")
PERIODIC_TASKS = {
    one.name
    for tasks in (
        vault.periodic_tasks(None, None, None),
        retention.periodic_tasks(None, None),
        uploads.periodic_tasks(None, None),
        ledger.periodic_tasks(None),
        access.periodic_tasks(None),
        reconciliation.periodic_tasks(None, None),
        cases.periodic_tasks(None, None),
    )
    for one in tasks
}
COMMAND = (ROOT / "src/bixie/cli/work.py").read_text(encoding="utf-8")


def test_the_page_names_every_state_job_type_and_periodic_task():
    named = set(re.findall(r"(?m)^\| `([a-z.]+|remedy_reversal)` \|", PAGE))
    job_types = {EXAMINATION, REMEDY, REVERSAL, *(job_name(channel) for channel in Channel)}
    job_types |= {one.name for one in ledger.job_types(None)}
    assert named == {*State, *job_types, *PERIODIC_TASKS}


def test_the_page_shows_every_key_of_the_document():
    keys = set(re.findall(r'(?m)^        "([a-z_]+)":', COMMAND[COMMAND.index("def _document") :]))
    assert keys
    assert [key for key in keys if f'"{key}":' not in PAGE] == []


def test_the_page_says_how_often_and_when():
    retries = Retries()
    assert (retries.max_attempts, MAX_CRASHES) == (10, 20)
    assert f"waits {retries.initial_wait.seconds} seconds" in PAGE
    assert f"up to {retries.max_wait.seconds // 3600} hours" in PAGE
