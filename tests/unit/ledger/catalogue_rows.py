"""The posting catalogue of the design as it is written there: id, debit, credit, row by row.

Owns: the text of the rows; s, x, r, m are wallets, amounts are in EUR.
Never: computed from the code: `ledger.catalogue` is held against it.

A part of the design, a section here; each has its own test that drives the real step.
"""

# Top-ups by bank, withdrawals and chargebacks: the steps on the wallet's partition.
BANK = {
    "F2.1": ("RAIL.RCV:ach 200.00", "W.PIN:s 200.00"),
    "F2.2": ("W.PIN:s 50.00", "W.AVL:s 50.00"),
    "F2.3": ("W.PIN:s 150.00", "W.AVL:s 150.00"),
    "F2b.1": ("RAIL.RCV:ach 70.00", "W.PIN:s 70.00"),
    "F2b.2": ("W.PIN:s 70.00", "RAIL.RCV:ach 70.00"),
    "F2c.3": ("W.AVL:x 40.00", "W.AVL:s 40.00"),
    "F2c.4": ("W.AVL:x 30.00, RCV.CUST:x 40.00", "RAIL.RCV:ach 70.00"),
    "F2c.7": ("RAIL.RCV:card 15.00", "RCV.CUST:x 15.00"),
    "F3.1": ("W.AVL:s 101.00", "W.POUT:s 101.00"),
    "F3.2": ("W.POUT:s 101.00", "RAIL.PAY:ach 100.00, REV.WD 1.00"),
    "F3b.1": ("W.AVL:s 101.00", "W.POUT:s 101.00"),
    "F3b.2": ("W.POUT:s 101.00", "W.AVL:s 101.00"),
    "F3c.1": ("W.AVL:s 101.00", "W.POUT:s 101.00"),
    "F3c.2": ("W.POUT:s 101.00", "RAIL.PAY:ach 100.00, REV.WD 1.00"),
    "F3c.5": ("RAIL.PAY:ach 100.00, REV.WD 1.00", "W.AVL:s 101.00"),
    "F10.1": ("W.AVL:s 100.00", "W.LIEN:s 100.00"),
    "F10.5": ("W.LIEN:s 100.00", "RAIL.CHB:card 100.00"),
    "F10b.1": ("W.AVL:s 100.00", "W.LIEN:s 100.00"),
    "F10b.4": ("W.LIEN:s 100.00", "W.AVL:s 100.00"),
}


def lines_of(debit, credit):
    """Return a row's postings in EUR cents: account, owner, amount; debit positive."""
    found = {}
    for text, side in ((debit, 1), (credit, -1)):
        for each in text.split(", "):
            address, _, amount = each.partition(" ")
            account, _, owner = address.partition(":")
            euros, _, cents = amount.partition(".")
            found[account, owner] = side * (int(euros) * 100 + int(cents))
    return found
