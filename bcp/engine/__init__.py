"""The rules as pure functions: frozen dataclasses in, frozen dataclasses out.

Nothing here knows Django, a database or a clock; `now` is always an argument.
"""
