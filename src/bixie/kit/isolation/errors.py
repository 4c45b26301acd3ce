"""What can go wrong with a task in a child process.

::

    BixieError
    └── IsolationError
        ├── CutOffError       the child ended or was ended during the task: the file may be the reason
        ├── UnavailableError  no child could take the task: nothing is known of the file
        └── TaskError         the task raised an exception: a defect of ours
"""

from bixie.kit.errors import BixieError

__all__ = ["CutOffError", "IsolationError", "TaskError", "UnavailableError"]


class IsolationError(BixieError):
    """A task in a child process did not end well."""

    package = "bixie.kit"
    status = 503


class CutOffError(IsolationError):
    """The child ended or was ended during the task.

    ``isolation.out_of_time``, ``isolation.out_of_memory``, ``isolation.ended`` or ``isolation.bad_answer``.
    """


class UnavailableError(IsolationError):
    """No child could take the task: ``isolation.busy`` or ``isolation.not_started``."""


class TaskError(IsolationError):
    """The task raised an exception: ``isolation.failed``."""

    status = 500
