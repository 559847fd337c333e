"""The command line by subject (命令): arguments in, one step or flow, sentences out. Each loads only what it runs."""
