"""The sandbox: a whole ledger in memory, decided by the code that decides in production.

    from ingress.sandbox import Sandbox
    from ingress.sdk import Transfer

    with Sandbox() as sandbox, sandbox.reader() as results:
        sandbox.seed()
        sent = sandbox.producer.send("ann", Transfer("ben", "EUR", 12_50)).result()
        print(results.wait("ann", sent.command_id).outcome)

No broker, no store, no thread: the same wallet job, rules and limits over tables in memory, a clock
that moves when it is told, wallets to begin with, and amounts that provoke each failure.

Owns: the public surface of the sandbox.
Never: promises speed or durability: it forgets everything with the process.
"""

from ingress.sandbox.magic import Magic, amount_for, magic_amounts
from ingress.sandbox.sandbox import Sandbox, SandboxProducer

__all__ = ["Magic", "Sandbox", "SandboxProducer", "amount_for", "magic_amounts"]
