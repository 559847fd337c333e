"""The reporting system of an employment office: from the counties' workbooks to the official bulletin.

What any process of it writes is its owner's alone: counties' reports and letters are nobody else's on the machine.
That is set here, where no entry point can forget it.
"""

import os

os.umask(0o077)
