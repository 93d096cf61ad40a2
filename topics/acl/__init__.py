"""Access lists of the brokers: which process may do what, and how a cluster is made to say so.

Owns: the table of processes, the plan, carrying it out.
Never: makes users or passwords; whoever runs the brokers does.
"""
