"""轮候: who waits for a bed, in an order that can be explained; a free one is offered in it."""
