"""The grammar of CESQL 1.0 in the notation of lark, for its LALR parser with contextual lexer.

Source of the rules: CESQL 1.0 §2 (syntax) and §3.6 (precedence, highest last here). Keywords are reserved and read in
any case. A sign that touches its digits belongs to the number where an operand may stand, and is an operator elsewhere:
``4-1`` is three.
"""

from __future__ import annotations

from typing import Final

GRAMMAR: Final = r"""
start: logic

?logic: comparison ((AND | OR | XOR) comparison)*
?comparison: sum (COMPARISON sum)*
?sum: product ((PLUS | MINUS) product)*
?product: operand ((STAR | SLASH | PERCENT) operand)*
?operand: unary (_test)*
_test: like | not_like | within | not_within
like: _LIKE STRING
not_like: NOT _LIKE STRING
within: _IN LPAR _list _RPAR
not_within: NOT _IN LPAR _list _RPAR
?unary: primary
      | NOT unary   -> prefix
      | MINUS unary -> prefix
?primary: LPAR logic _RPAR                -> group
        | (WORD | NAME)                   -> attribute
        | _EXISTS (WORD | NAME)           -> exists
        | (WORD | FUNCTION) LPAR [_list] _RPAR -> call
        | INTEGER                         -> integer
        | STRING                          -> string
        | TRUE                            -> true
        | FALSE                           -> false
_list: logic (_COMMA logic)*

AND.3: /(?ai:AND)(?![A-Za-z0-9_])/
OR.3: /(?ai:OR)(?![A-Za-z0-9_])/
XOR.3: /(?ai:XOR)(?![A-Za-z0-9_])/
NOT.3: /(?ai:NOT)(?![A-Za-z0-9_])/
_LIKE.3: /(?ai:LIKE)(?![A-Za-z0-9_])/
_IN.3: /(?ai:IN)(?![A-Za-z0-9_])/
_EXISTS.3: /(?ai:EXISTS)(?![A-Za-z0-9_])/
TRUE.3: /(?ai:TRUE)(?![A-Za-z0-9_])/
FALSE.3: /(?ai:FALSE)(?![A-Za-z0-9_])/

INTEGER.2: /[+-]?[0-9]+(?![A-Za-z0-9_])/
WORD.1: /(?!(?ai:AND|OR|XOR|NOT|LIKE|IN|EXISTS|TRUE|FALSE)(?![A-Za-z0-9_]))[A-Za-z]+(?![A-Za-z0-9_])/
FUNCTION.1: /[A-Za-z]+_[A-Za-z_]*/
NAME: /[A-Za-z]*[0-9][A-Za-z0-9]*/
STRING: /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/s

COMPARISON: "=" | "!=" | "<>" | "<=" | ">=" | "<" | ">"
PLUS: "+"
MINUS: "-"
STAR: "*"
SLASH: "/"
PERCENT: "%"
LPAR: "("
_RPAR: ")"
_COMMA: ","

%ignore /[ \t\r\n]+/
"""
