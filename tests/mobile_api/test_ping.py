"""ping"""


def test_it_answers_anybody_with_a_constant(stranger):
    response = stranger.get("/v1/ping")

    assert (response.status_code, response.json) == (200, {"pong": True})
