# --- missing colon
if True
    print(1)
# --- unclosed parenthesis
print((1 + 2)
x = 5
# --- unexpected indent
x = 1
  y = 2
# --- missing indent
def f():
return 1
# --- bad dedent
if True:
        x = 1
    y = 2
# --- unterminated string
s = "abc
# --- assignment to a literal
5 = x
# --- assignment to a call
f() = 3
# --- keyword as a name
class = 5
# --- return outside function
return 5
# --- break outside loop
break
# --- continue outside loop
continue
# --- yield outside function
yield 1
# --- invalid syntax
x = = 3
# --- unmatched closing
x = 1)
# --- comparison instead of assignment in if
if x = 3:
    pass
# --- missing comma hint
x = [1 2]
# --- positional after keyword
f(a=1, 2)
# --- repeated keyword
f(a=1, a=2)
# --- duplicate argument
def f(a, a):
    pass
# --- default before non default
def f(a=1, b):
    pass
# --- nonlocal at module level
nonlocal x
# --- nonlocal without binding
def f():
    nonlocal q
# --- global after use
def f():
    x = 1
    global x
# --- else without if
else:
    pass
# --- try without except
try:
    pass
x = 1
# --- invalid character
x = 5 € 3
# --- unterminated triple quote
s = """abc
more
# --- leading zeros
x = 007
# --- print without parentheses
print "hello"
# --- f-string empty expression
f"{}"
# --- starred assignment alone
*a = [1]
# --- two starred
*a, *b = [1]
# --- cannot delete call
del f()
# --- import star in function
def f():
    from math import *
