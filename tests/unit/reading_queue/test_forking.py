import os
import threading

from reading_queue.forking import unforked


def _fork() -> None:
    child = os.fork()
    if child == 0:
        with unforked():
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_fork_waits_until_the_other_thread_has_left_the_database() -> None:
    forked = threading.Event()

    def fork() -> None:
        _fork()
        forked.set()

    thread = threading.Thread(target=fork)
    with unforked():
        thread.start()
        assert not forked.wait(0.3), "it would have copied what this thread holds"
    assert forked.wait(30)
    thread.join()


def test_who_forks_may_be_in_the_database_itself() -> None:
    with unforked():
        _fork()
    _fork()
