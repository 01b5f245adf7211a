"""Generators: asked on, sent to, thrown into, closed, misused."""

from virtual_loop import describe, run_plain


def attempt(what, operation):
    try:
        print(f"{what}: {operation()}")
    except BaseException as raised:
        print(f"{what}: {describe(raised)}")


def numbers(count):
    for number in range(count):
        print(f"gives {number}")
        yield number
    print("ends")


def echo():
    heard = None
    while True:
        try:
            heard = yield heard
        except ValueError as raised:
            heard = f"caught {raised}"
        except GeneratorExit:
            print("closed")
            raise


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


def failing():
    yield 1
    raise LookupError("from within")


def leaking():
    yield 1
    raise StopIteration


def selfish():
    yield next(holder[0])


holder = []


def program(new_loop):
    three = numbers(2)
    for _ in range(4):
        attempt("next", lambda: next(three))
    talk = echo()
    attempt("send too early", lambda: talk.send(1))
    attempt("begin", lambda: next(talk))
    attempt("send", lambda: talk.send("hello"))
    attempt("throw", lambda: talk.throw(ValueError("oops")))
    attempt("close", talk.close)
    attempt("close again", talk.close)
    attempt("after close", lambda: next(talk))
    attempt("throw after close", lambda: talk.throw(ValueError("late")))
    fresh = echo()
    attempt("throw into a fresh one", lambda: fresh.throw(ValueError("early")))
    attempt("and then", lambda: next(fresh))
    deaf = stubborn()
    next(deaf)
    attempt("stubborn", deaf.close)
    broken = failing()
    next(broken)
    attempt("failing", lambda: next(broken))
    attempt("failed", lambda: next(broken))
    leaks = leaking()
    next(leaks)
    attempt("leaking", lambda: next(leaks))
    holder.append(selfish())
    attempt("itself", lambda: next(holder[0]))
    attempt("never begun", numbers(3).close)
    attempt("all", lambda: " ".join(str(number) for number in numbers(3)))
    inner = numbers(5)
    for number in inner:
        if number == 1:
            break
    attempt("rest", lambda: " ".join(str(number) for number in inner))


run_plain(program)
