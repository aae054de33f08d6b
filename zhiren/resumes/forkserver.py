"""The program of the fork server: it loads what reads files once, and makes a child for each file out of itself.

Loading takes several times as long as reading an ordinary file. No byte of a file comes near the server: who asks sends
it a socket, and what comes and goes over that is between them and the child. Beside each child a keeper waits for its
end, to tell of it, and ends it when nobody listens any more.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from typing import NoReturn

from zhiren.resumes import child
from zhiren.resumes.pipeline import parse
from zhiren.resumes.safely import ENDED

_ASK_AGAIN_MS = 1000
# What is loaded, or compiled, at the first reading; nobody is called so.
_SAMPLE = """
姓名：测试样例　手机：00000000000　邮箱：sample@example.invalid　现居城市：上海
教育经历
2012.09 - 2016.06　样例大学　会计学　本科
工作经历
2016.07 - 至今　样例科技有限公司　会计　负责总账
期望薪资：12K-15K/月　一个月内到岗
技能：Python、Excel　英语：CET-6
Sample Person, Sample Street 1
Experience
Jan 2015 - Mar 2018  Accountant, Sample Ltd, London
Clerk, Sample Works – Goslar\tMay 2012 - Dec 2014
Education
BSc in Accounting, Sample University, 2011 - 2014
Skills: SQL, bookkeeping
"""


def main() -> None:
    """Make a child for each socket that comes in over the one on stdin, until nobody is left who could send one."""
    parse(_SAMPLE.encode(), "sample.txt")
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for keepers
    asked = socket.socket(fileno=0)
    while True:
        said, sockets, _flags, _address = socket.recv_fds(asked, 1, 1)
        if not said:
            return
        for one in sockets:
            if os.fork() == 0:
                asked.close()
                _keep(one)
                os._exit(0)
            os.close(one)


def _keep(talk: int) -> None:
    """Make the child that talks over a socket, and tell there how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    alive, living = os.pipe()
    pid = os.fork()
    if pid == 0:
        _live(talk)
    os.close(living)
    events = select.poll()
    events.register(talk, 0)  # that the other end is gone is told unasked
    events.register(alive, 0)
    while not (ended := os.waitpid(pid, os.WNOHANG))[0]:
        if talk in dict(events.poll(_ASK_AGAIN_MS)):
            os.kill(pid, signal.SIGKILL)
    os.write(talk, ENDED.pack(os.waitstatus_to_exitcode(ended[1])))


def _live(talk: int) -> NoReturn:
    """Be the child: read the order and the file from the socket, and answer there."""
    try:
        for place in (0, 1):
            os.dup2(talk, place)
        os.close(talk)
        child.main()
        sys.stdout.flush()
        os._exit(0)
    finally:
        os._exit(1)
