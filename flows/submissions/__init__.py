"""Submissions (报送): the blank form goes out, a filled one comes back as observations and problems.

`form_spec` says what a reporter owes; `write_form` prints it, `read_form` reads it back whatever program saved
it, `receipt` answers, `sample` fills in a whole year. Nothing here touches the disk, the clock or the
warehouse.
"""
