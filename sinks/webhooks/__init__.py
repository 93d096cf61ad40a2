"""Webhooks and notices: facts of the ledger told to other systems and to people, each once.

Owns: subscriptions, what is to be delivered to whom, each attempt of it, and the processes that
read the facts and send.
Never: decides, repeats an event id because a topic came again, or sends where it was not asked to.
"""
