"""Templates that try to leave the sandbox, and templates that try to fill the machine."""

from __future__ import annotations

from collections.abc import Iterator

STARTS = ("''", "[]", "{}", "()", "1", "product", "range", "namespace", "steps", "missing")
"""What an escape begins at: every kind of object that a template can reach."""
WAYS = (
    ".__class__",
    ".__class__.__mro__",
    ".__class__.__base__.__subclasses__()",
    "['__class__']",
    "['__class__']['__mro__'][1]['__subclasses__']()",
    ".__init__.__globals__",
    ".__reduce__()",
    ".__doc__",
    ".__dict__",
)
ODD = (
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ [''] | map(attribute='__class__') | list }}",
    "{{ [''] | map('attr', '__class__') | list }}",
    "{{ [''] | groupby('__class__') | list }}",
    "{{ [''] | sort(attribute='__class__') | list }}",
    "{{ [''] | sum(attribute='__class__') }}",
    "{{ [''] | selectattr('__class__') | list | map(attribute='__class__') | list }}",
    "{{ [''] | unique(attribute='__class__.__mro__') | list | max(attribute='__class__') }}",
    "{{ '{0.__class__}'.format('') }}",
    "{{ '{0.__class__.__mro__[1]}'.format('') }}",
    "{{ '{a.__class__}'.format(a='') }}",
    "{{ '{a.__class__}'.format_map({'a': ''}) }}",
    "{{ '{0[__class__]}'.format(product) }}",
    "{{ ('{0.__cla' ~ 'ss__}').format('') }}",
    "{{ ['{0.__class__}'] | map('format', '') | list }}",
    "{{ ['{.__class__}'.format] | map('list') | list }}",
    "{% set f = '{0.__class__}'.format %}{{ f('') }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% macro m() %}{% endmacro %}{{ m.__func__.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func.__code__ }}",
    "{% macro m() %}{% endmacro %}{{ m['_func']['__globals__'] }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__.__globals__ }}",
    "{% for x in [1] %}{{ loop.__class__ }}{{ loop._iterable.gi_frame }}{% endfor %}",
    "{% for x in product.items() %}{{ loop._iterator.__reduce__() }}{% endfor %}",
    "{{ ([] | map('upper')).gi_frame.f_globals }}",
    "{{ ([] | map('upper')).gi_code }}",
    "{{ (['a'] | select).gi_frame.f_back.f_locals }}",
    "{{ config }}{{ request }}{{ environ }}",
    "{{ lipsum.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ namespace(a=1)._Namespace__attrs }}",
    "{{ dict.__base__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ open('/etc/passwd').read() }}",
    "{{ __import__('os').environ }}",
    "{{ eval('1') }}",
    "{{ exec('1') }}",
    "{{ globals() }}{{ locals() }}{{ vars() }}",
    "{{ getattr('', '__class__') }}",
    "{{ __builtins__ }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os.environ }}",
    "{% from 'os' import environ %}{{ environ }}",
    "{% extends '/etc/passwd' %}",
    "{% block x %}{{ self.x.__globals__ }}{% endblock %}",
    "{% autoescape true %}{{ ''.__class__ }}{% endautoescape %}",
    "{{ product.update({'a': 1}) }}",
    "{{ product.clear() }}",
    "{{ product.pop('name') }}",
    "{{ product.setdefault('a', 1) }}",
    "{{ [1].append(2) }}",
    "{{ __seed__ }}",
    "{{ missing.__class__ }}",
    "{{ ''.join.__self__.__class__ }}",
    "{{ ''.format.__func__ }}",
)
TELLTALES = (
    *("<class", "<module", "<function", "<built-in", "<code", "<frame", " object at 0x"),
    *("root:", "builtins", "PATH=", "__main__", "f_globals"),
)
"""What an answer holds that has left the sandbox."""
BOMBS = {
    "a power": "{{ 3**(10**7) }}",
    "a power of powers": "{{ 9**(9**9) }}",
    "a product of powers": "{{ 9**999*9**999*9**999 }}",
    "a long text": "{{ 'a'*10**9 }}",
    "a long list": "{{ [1]*10**9 }}",
    "a wide format": "{{ '%0200000000d'|format(1) }}",
    "a wide modulo": "{{ '%0200000000d' % 1 }}",
    "a wide new format": "{{ '{:>200000000}'.format(1) }}",
    "a wide star": "{{ '%*d' % (200000000, 1) }}",
    "a centre": "{{ 'x'.center(2*10**8) }}",
    "a centre filter": "{{ 'x'|center(2000000000) }}",
    "a justified text": "{{ 'x'.rjust(10**10) }}",
    "zeros": "{{ 'x'.zfill(10**10) }}",
    "tabs": "{{ ('\\t' * 9999).expandtabs(10**7) }}",
    "an indent": "{{ 'x\\nx'|indent(10**9) }}",
    "a long range": "{{ range(10**9)|list }}",
    "loops in loops": "{% for a in range(9999) %}{% for b in range(9999) %}"
    "{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
    "output in loops": "{% for a in range(9999) %}{% for b in range(9999) %}xxxxxxxx{% endfor %}"
    "{% endfor %}",
    "a doubled text": "{% set n = namespace(x='a'*999) %}{% for i in range(99) %}"
    "{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}",
    "a squared number": "{% set n = namespace(x=9) %}{% for i in range(99) %}"
    "{% set n.x = n.x * n.x %}{% endfor %}{{ n.x }}",
    "a replaced text": "{{ ('a'*9999)|replace('a', 'b'*9999)|replace('b', 'c'*9999) }}",
    "a joined text": "{{ range(9999)|join('x'*99999) }}",
    "a macro of itself": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "a loop of itself": "{% for x in [[[[1]]]] recursive %}{{ loop([x]) }}{% endfor %}",
    "nested brackets": "{{ " + "(" * 4000 + "1" + ")" * 4000 + " }}",
    "nested lists": "{{ " + "[" * 4000 + "]" * 4000 + " }}",
    "nested ifs": "{% if 1 %}" * 500 + "{% endif %}" * 500,
    "many operators": "{{ 1" + " + 1" * 3900 + " }}",
    "many nots": "{{ " + "not " * 3900 + "1 }}",
    "a grouped range": "{% for i in range(9999) %}{{ range(9999)|groupby('x')|list }}{% endfor %}",
    "a wrapped text": "{{ ('a '*40000)|wordwrap(1)|wordwrap(1, wrapstring='x'*99999) }}",
    "sorted ranges": "{% for i in range(9999) %}{% set x = range(9999)|sort|list %}{% endfor %}",
    "tags": "{{ ('<'*99999)|striptags }}{{ ('<!--'*24999)|striptags }}",
    "a large batch": "{{ [1]|batch(10**9, 0)|list }}",
    "many slices": "{{ range(9999)|slice(10**9)|list }}",
}


def escapes() -> Iterator[str]:
    """Return prompts that try to reach what no template may have."""
    for start in STARTS:
        for way in WAYS:
            yield f"{{{{ {start}{way} }}}}"
    yield from ODD
