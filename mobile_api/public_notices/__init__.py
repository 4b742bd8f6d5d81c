"""`/public/notices/<code>`: what is paid, for everybody, before it is paid."""
