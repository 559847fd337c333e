"""A year rehearsed (演练): a virtual clock, people who follow a script, a mail server on loopback, and checks."""
