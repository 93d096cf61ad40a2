"""The composition root: what it refuses before anything is connected."""

import os

import pytest

from streams import app
from streams.runtime.host.exits import ExitCode
from streams.runtime.host.state_lock import lock_state
from streams.wallet.job import WalletJob
from topics.catalog import (
    AUTOMATION_LOG,
    AUTOMATION_TOPICS,
    EVENTS,
    JOB_COMMANDS,
    LEDGER_TOPICS,
    PUBLISH_LOG,
    PUBLISH_TOPICS,
    RECON_FACTS,
    RECON_TOPICS,
    SCHEDULER_LOG,
    SCHEDULER_TOPICS,
    SETTLEMENT_TOPICS,
    SINK_ATTESTATIONS,
)


@pytest.fixture
def environ(tmp_path):
    return {
        "LEDGER_KAFKA": "127.0.0.1:1",
        "LEDGER_STATE_DIR": str(tmp_path),
        "LEDGER_WORKER": "w",
    }


def test_a_missing_setting_ends_it(caplog):
    assert app.main([], {}) == ExitCode.SETTINGS
    assert "LEDGER_KAFKA is missing" in caplog.text


def test_an_unknown_crash_point_ends_it(environ, caplog):
    code = app.main([], {**environ, "LEDGER_CRASH_POINT": "sometime"})
    assert code == ExitCode.SETTINGS
    assert "LEDGER_CRASH_POINT=sometime" in caplog.text


def test_a_locked_state_folder_ends_it(environ, tmp_path, caplog):
    file = lock_state(tmp_path / "w")
    assert app.main([], environ) == ExitCode.STATE_LOCKED
    assert "give this worker another name with LEDGER_WORKER" in caplog.text
    os.close(file)


def test_an_unknown_job_is_a_usage_error(environ, capsys):
    with pytest.raises(SystemExit) as ended:
        app.main(["--job", "nobody"], environ)
    assert ended.value.code == ExitCode.SETTINGS
    assert "wallet" in capsys.readouterr().err


def test_the_wallet_job_is_offered_with_all_its_topics():
    offer = app.JOBS["wallet"]
    assert offer.inputs == WalletJob.inputs
    assert {*offer.inputs, *offer.others} == set(LEDGER_TOPICS)


def test_the_settlement_job_is_offered_with_all_its_topics():
    offer = app.JOBS["settlement"]
    assert offer.inputs == (EVENTS,)
    others = {*SETTLEMENT_TOPICS, JOB_COMMANDS}
    assert set(offer.others) == others
    assert offer.make(None, 8).log in others


def test_the_scheduler_job_is_offered_with_all_its_topics():
    offer = app.JOBS["scheduler"]
    assert offer.inputs == (EVENTS,)
    assert set(offer.others) == {*SCHEDULER_TOPICS, JOB_COMMANDS}
    assert offer.make(None, 8).log == SCHEDULER_LOG


def test_the_automation_job_is_offered_with_all_its_topics():
    offer = app.JOBS["automation"]
    assert {*offer.inputs, *offer.others} == {*AUTOMATION_TOPICS, EVENTS, JOB_COMMANDS}
    assert offer.make(None, 8).log == AUTOMATION_LOG


def test_the_jobs_of_the_reconciliation_are_offered_with_all_their_topics():
    offers = app.JOBS["facts"], app.JOBS["match"], app.JOBS["stores"]
    inputs = [(EVENTS,), (RECON_FACTS,), (EVENTS, SINK_ATTESTATIONS)]
    assert [each.inputs for each in offers] == inputs
    written = {topic for each in offers for topic in each.others}
    assert {*written, SINK_ATTESTATIONS} == set(RECON_TOPICS)
    assert all(each.make(None, 8).log in each.others for each in offers)


def test_the_publish_job_is_offered_with_all_its_topics():
    offer = app.JOBS["publish"]
    assert offer.inputs == (EVENTS,)
    assert set(offer.others) == set(PUBLISH_TOPICS)
    assert offer.make(None, 8).log == PUBLISH_LOG
