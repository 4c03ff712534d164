"""What can be done to a virtual machine: one action, one file, and a line in the table."""

from sinks.vsphere.actions.base import Action, Plan
from sinks.vsphere.actions.table import ACTIONS, build, parameters, privileges

__all__ = ["ACTIONS", "Action", "Plan", "build", "parameters", "privileges"]
