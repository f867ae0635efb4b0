"""The tests of the great rules, tried with each rule broken."""
