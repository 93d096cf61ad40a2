"""The posting catalogue's rows as the domain's table has them: flow, partition, debits, credits.

Owns: the table's own amounts and letters; S payer, R recipient, M merchant.
Never: a rule; tests drive the real step and compare.
"""

# Escrow, unregistered recipient, bills.
THIRD_PARTY = (
    ("F11.1", "S", "W.AVL:s 200.00", "ESC:e1 200.00"),
    ("F11.2", "S", "ESC:e1 150.00", "IB:M 145.50, REV.ESC 4.50"),
    ("F11.3", "M", "IB:S 145.50", "M.PAY:m 145.50"),
    ("F11.4", "S", "ESC:e1 50.00", "W.AVL:s 50.00"),
    ("F12.1", "S", "W.AVL:s 50.00", "CLAIM:c1 50.00"),
    ("F12.2", "S", "CLAIM:c1 50.00", "IB:R 50.00"),
    ("F12.3", "R", "IB:S 50.00", "W.AVL:r 50.00"),
    ("F12b.1", "S", "W.AVL:s 50.00", "CLAIM:c2 50.00"),
    ("F12b.2", "S", "CLAIM:c2 50.00", "W.AVL:s 50.00"),
    ("F14.1", "S", "W.AVL:s 80.75", "BILLER:b 80.00, REV.BILL 0.75"),
    ("F14b.1", "S", "W.AVL:s 80.75", "BILLER:b 80.00, REV.BILL 0.75"),
    ("F14b.2", "S", "BILLER:b 80.00, REV.BILL 0.75", "W.AVL:s 80.75"),
)


def postings_of(flow, owners, rows):
    """The lines of a row, sorted: account, owner, minor units, debit positive."""
    (row,) = [each for each in rows if each[0] == flow]
    return sorted(
        (account, owners[owner] if owner else "", side * minor)
        for side, text in ((1, row[2]), (-1, row[3]))
        for account, owner, minor in map(_line, text.split(", "))
    )


def posted_by(decision):
    """The same of every entry that a Decision made."""
    return [
        sorted((each.account, each.owner, each.amount) for each in entry.postings)
        for entry in decision.entries
    ]


def _line(text):
    address, amount = text.split(" ")
    account, _, owner = address.partition(":")
    return account, owner, int(amount.replace(".", ""))


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


# Treasury: openings, what happens at banks, suspense.
TREASURY = {
    "F0.1": ("EQ.OPEN 5000.00", "W.AVL:s 5000.00"),
    "F0.2": ("BANK.SAFE 5000.00", "EQ.OPEN 5000.00"),
    "F1.2": ("BANK.SAFE 98.60, EXP.RAIL 1.40", "RAIL.RCV:card 100.00"),
    "F1.3": ("BANK.SAFE 0.40", "BANK.CORP 0.40"),
    "F2.4": ("BANK.SAFE 200.00", "RAIL.RCV:ach 200.00"),
    "F2c.2": ("BANK.SAFE 70.00", "RAIL.RCV:ach 70.00"),
    "F2c.5": ("RAIL.RCV:ach 70.00", "BANK.SAFE 70.00"),
    "F2c.6": ("BANK.SAFE 40.00", "BANK.CORP 40.00"),
    "F2c.9": ("BANK.SAFE 15.00", "RAIL.RCV:card 15.00"),
    "F3.3": ("RAIL.PAY:ach 100.00", "BANK.SAFE 100.00"),
    "F3c.3": ("RAIL.PAY:ach 100.00", "BANK.SAFE 100.00"),
    "F3c.4": ("BANK.SAFE 100.00", "RAIL.PAY:ach 100.00"),
    "F10.2": ("RAIL.CHB:card 100.00", "BANK.SAFE 100.00"),
    "F10.3": ("BANK.SAFE 100.00", "BANK.CORP 100.00"),
    "F10.4": ("EXP.RAIL 15.00", "BANK.CORP 15.00"),
    "F10.6": ("BANK.CORP 100.00", "BANK.SAFE 100.00"),
    "F10b.2": ("RAIL.CHB:card 100.00", "BANK.SAFE 100.00"),
    "F10b.3": ("BANK.SAFE 100.00", "RAIL.CHB:card 100.00"),
    "F14.2": ("BILLER:b 80.00", "BANK.SAFE 80.00"),
    "F15.2": (
        "BANK.SAFE 107.98 USD, FX.POS 99.43",
        "FX.POS 107.98 USD, BANK.SAFE 99.43",
    ),
    "F15.3": ("FX.POS 0.07", "REV.FXGAIN 0.07"),
    "F16.3": ("RAIL.PAY:sct 184.45", "BANK.SAFE 184.45"),
    "F16b.1": ("BANK.SAFE 184.45", "RAIL.PAY:sct 184.45"),
    "F17.3": ("BANK.SAFE 1.00", "BANK.CORP 1.00"),
    "F17p.4": ("BANK.SAFE 0.60", "BANK.CORP 0.60"),
    "F18.3": ("BANK.SAFE 0.10", "BANK.CORP 0.10"),
    "F19.1": ("BANK.SAFE 77.00", "SUSP:in 77.00"),
    "F19.2": ("SUSP:in 77.00", "IB 77.00"),
    "F19.3": ("IB 77.00", "W.AVL:r 77.00"),
    "F20.2": ("BANK.SAFE 5.00", "BANK.CORP 5.00"),
    "F22.1": ("BANK.CORP 10.00", "BANK.SAFE 10.00"),
}

# Adjustments.
ADJUSTMENTS = {
    "F2c.8": ("EXP.WRITEOFF 25.00", "RCV.CUST:x 25.00"),
    "F20.1": ("EXP.GOODWILL 5.00", "W.AVL:s 5.00"),
}

# Conversions, interest, residuals.
OWN_MONEY = {
    "F15.1": (
        "W.AVL:s 100.00, FX.POS 107.98 USD",
        "FX.POS 99.50, REV.FX 0.50, W.AVL:s 107.98 USD",
    ),
    "F18.1": ("EXP.INT 0.10", "INT.PAY 0.10"),
    "F18.2": ("INT.PAY 0.10", "W.AVL:s 0.10"),
    "F21.1": ("W.AVL:r 227.00", "UNCLAIMED 227.00"),
}

ROWS = {**TREASURY, **ADJUSTMENTS, **OWN_MONEY}


def treasury_lines_of(flow):
    """Return (account, owner or empty, currency, minor units; debit positive) of a row, sorted."""
    lines = []
    for side, text in zip((1, -1), ROWS[flow], strict=True):
        for each in text.split(", "):
            account, amount, *currency = each.split(" ")
            code, _, owner = account.partition(":")
            minor = side * int(amount.replace(".", ""))
            lines.append((code, owner, currency[0] if currency else "EUR", minor))
    return sorted(lines)


# Sales, captures, refunds; sct is a rail, d a dispute.
SALES = {
    "F6.1": ("W.AVL:s 100.00", "IB:M 100.00"),
    "F6.2": ("IB:S 100.00", "M.PEND:m 92.10, M.RSV:m 5.00, REV.MDR 2.90"),
    "F6.3": ("M.PEND:m 92.10", "M.PAY:m 92.10"),
    # Beyond the table: the reserve of a sale whose time is over.
    "F6.4r": ("M.RSV:m 5.00", "M.PAY:m 5.00"),
    "F7.1": ("W.AVL:s 120.00", "W.RSV:s 120.00"),
    "F7.2": ("W.AVL:s 10.00", "W.RSV:s 10.00"),
    "F7.3": ("W.RSV:s 60.00", "IB:M 60.00"),
    "F7.4": ("IB:S 60.00", "M.PEND:m 58.26, REV.MDR 1.74"),
    "F7.5": ("W.RSV:s 70.00", "IB:M 40.00, W.AVL:s 30.00"),
    "F7.6": ("IB:S 40.00", "M.PEND:m 38.84, REV.MDR 1.16"),
    "F8.1": ("M.PAY:m 38.84, REV.MDR 1.16", "IB:S 40.00"),
    "F8.2": ("IB:M 40.00", "W.AVL:s 40.00"),
    "F8.3": ("M.PAY:m 53.26, M.RSV:m 5.00, REV.MDR 1.74", "IB:S 60.00"),
    "F8.4": ("IB:M 60.00", "W.AVL:s 60.00"),
    # Beyond the table: the payer was blocked meanwhile, and is not any more.
    "F8.2f": ("W.LIEN:s 40.00", "W.AVL:s 40.00"),
    "F8c.1": ("M.PEND:m 97.10, RCV.MERCH:m 2.90", "IB:S 100.00"),
    "F8c.2": ("IB:M 100.00", "W.AVL:s 100.00"),
    "F8c.3": ("IB:S 100.00", "RCV.MERCH:m 2.90, M.PEND:m 94.20, REV.MDR 2.90"),
    "F8c.4": ("W.AVL:s 100.00", "IB:M 100.00"),
    "F8d.1": ("M.PEND:m 94.20", "M.PAY:m 94.20"),
}

# After F8: of a dispute of 60.00 the buyer wins 40.00. d is the dispute.
DISPUTES = {
    "F9.1": ("M.PAY:m 60.00", "DSP:d 60.00"),
    "F9.2": ("DSP:d 60.00", "IB:S 40.00, M.PAY:m 20.00"),
    "F9.3": ("IB:M 40.00", "W.AVL:s 40.00"),
    "F9.4": ("M.PAY:m 15.00", "REV.DSP 15.00"),
}
PAYOUTS = {
    "F16.1": ("M.PAY:m 184.70", "M.OUT:m 184.70"),
    "F16.2": ("M.OUT:m 184.70", "RAIL.PAY:sct 184.45, REV.PAYOUT 0.25"),
    "F16b.2": ("RAIL.PAY:sct 184.45", "M.PAY:m 184.45"),
}


def row_lines(row, owners):
    """The postings of a row: account and owner -> minor units, debit positive."""
    found = {}
    for side, text in zip((1, -1), row, strict=True):
        for each in text.split(", "):
            account, amount = each.split(" ")
            code, _, owner = account.partition(":")
            found[code, owners[owner] if owner else ""] = side * round(float(amount) * 100)
    return found


def posted_in(decision, *flows):
    """What a Decision posted, all of it or by some flows: account and owner -> minor units."""
    found = {}
    for entry in decision.entries:
        if not flows or entry.flow in flows:
            for line in entry.postings:
                key = (line.account, line.owner)
                found[key] = found.get(key, 0) + line.amount
    return found
