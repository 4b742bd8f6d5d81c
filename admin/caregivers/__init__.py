"""Caregivers on the console: their register, their days at work, and what waits for a yes."""
