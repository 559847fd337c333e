"""The checks (校验规则): each a named function with its sentence."""
