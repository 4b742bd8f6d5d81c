"""Care at home on the console: who is sent where, what is to be looked at, what people say."""
