"""Requests that come in the same moment are carried out together, and nobody is left waiting."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from server.web import gathering
from server.web.gathering import Gathering

PATIENCE_S = 10


class Counter:
    """Carries out what is asked: the first, who is alone, only when he is told to go on."""

    def __init__(self, *, most=32):
        self.batches = []
        self.alone = []
        self.go_on = Event()
        self.gathering = Gathering(self.carry_out, most=most)

    def carry_out(self, asked):
        self.batches.append(list(asked))
        if "poison" in asked:
            raise RuntimeError("this one breaks whatever it is part of")
        return [None if one == "refused" else f"{one} with others" for one in asked]

    def ask(self, asked):
        def alone():
            self.alone.append(asked)
            if asked == "first":
                assert self.go_on.wait(PATIENCE_S)
            return f"{asked} alone"

        return self.gathering.ask(asked, alone=alone)

    def while_the_first_is_served(self, *others):
        """Let the others come one after the other while the first is being served."""
        with ThreadPoolExecutor(1 + len(others)) as pool:
            told = [pool.submit(self.ask, "first")]
            self._await(lambda: self.alone == ["first"])
            for number, one in enumerate(others, start=1):
                told.append(pool.submit(self.ask, one))
                self._await(lambda number=number: len(self.gathering._waiting) == number)
            self.go_on.set()
            return [one.result(PATIENCE_S) for one in told]

    @staticmethod
    def _await(is_so):
        for _ in range(PATIENCE_S * 1000):
            if is_so():
                return
            Event().wait(0.001)
        raise AssertionError("never came to be")


@pytest.fixture
def counter():
    return Counter()


def test_who_is_alone_is_served_alone_and_at_once(counter):
    assert counter.ask("somebody") == "somebody alone"
    assert counter.ask("somebody else") == "somebody else alone"
    assert counter.batches == []


def test_who_comes_meanwhile_is_served_together_in_order_of_arrival(counter):
    told = counter.while_the_first_is_served("a", "b", "c")

    assert told == ["first alone", "a with others", "b with others", "c with others"]
    assert counter.batches == [["a", "b", "c"]]


def test_who_cannot_be_served_with_the_others_is_served_alone(counter):
    told = counter.while_the_first_is_served("a", "refused", "b")

    assert told == ["first alone", "a with others", "refused alone", "b with others"]


def test_where_all_of_it_breaks_everybody_is_served_alone(counter, caplog, monkeypatch):
    # Whatever a process that was wired in another test has made of the logs.
    monkeypatch.setattr(gathering.log, "disabled", False)
    monkeypatch.setattr(gathering.log, "handlers", [caplog.handler])
    told = counter.while_the_first_is_served("a", "poison", "b")

    assert told == ["first alone", "a alone", "poison alone", "b alone"]
    assert "one by one" in caplog.text


def test_no_more_are_taken_along_than_there_may_be():
    counter = Counter(most=2)

    told = counter.while_the_first_is_served("a", "b", "c")

    assert counter.batches == [["a", "b"]]
    assert told[-1] == "c alone"


def test_a_refusal_is_heard_by_whom_it_concerns_and_the_next_is_served(counter):
    def refuse():
        raise ValueError("full")

    with pytest.raises(ValueError, match="full"):
        counter.gathering.ask("somebody", alone=refuse)

    assert counter.ask("the next") == "the next alone"
