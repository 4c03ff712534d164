"""What can be done to objects of a vCenter: one action, one file, and a line in the table."""

from sinks.vsphere.actions.base import Action, Candidate, Choosing, Plan, Shortage, Undoable, Waiting
from sinks.vsphere.actions.table import ACTIONS, Entry, build, kind, new, parameters, privileges

__all__ = [
    "ACTIONS",
    "Action",
    "Candidate",
    "Choosing",
    "Entry",
    "Plan",
    "Shortage",
    "Undoable",
    "Waiting",
    "build",
    "kind",
    "new",
    "parameters",
    "privileges",
]
