"""What may be paid of a programme in a year: raised by two people, reserved before it is paid."""
