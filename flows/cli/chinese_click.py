"""The words Click says itself, in Chinese. Each of its modules takes them through a gettext function `_`."""

from click import core, decorators, exceptions, formatting, parser, types

from flows.cli.interruption import SENTENCE

_WORDS = {
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示这份说明。",
    "Show the version and exit.": "显示版本号。",
    "Try '{command} {option}' for help.": "用法见 {command} {option}",
    "Error: {message}": "错误：{message}",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing command.": "缺少命令。",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "No such command {name!r}.": "没有 {name!r} 这个命令。",
    "No such option {name!r}.": "没有 {name!r} 这个选项。",
    "Option {name!r} does not take a value.": "选项 {name!r} 不带值。",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在。",
    "{name} {filename!r} is a directory.": "{name} {filename!r} 是文件夹。",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是 {number_type}。",
    "default: {default}": "默认 {default}",
    "Aborted!": SENTENCE,
    "file": "文件",
    "path": "路径",
    "directory": "文件夹",
    "required": "必填",
}
_PLURALS = {
    "Got unexpected extra argument ({args})": "多了参数（{args}）",
    "{value!r} is not {choice}.": "{value!r} 不是 {choice}。",
    "{value!r} is not one of {choices}.": "{value!r} 不在 {choices} 之中。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是 {possibilities} 之一？）",
}


def _word(message: str) -> str:
    return _WORDS.get(message, message)


def _plural(singular: str, plural: str, count: int) -> str:
    return _PLURALS.get(singular, singular if count == 1 else plural)


for _module in (core, decorators, exceptions, formatting, parser, types):
    for _name, _ours in (("_", _word), ("ngettext", _plural)):
        if hasattr(_module, _name):
            setattr(_module, _name, _ours)
