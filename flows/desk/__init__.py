"""The desk (案头): the office's own pages in the browser. Every act calls the Office method that the command calls, or, where
`diaodu up` runs, starts the same deployment; nothing is kept here but who is logged in."""
