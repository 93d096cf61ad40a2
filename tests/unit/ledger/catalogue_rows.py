"""The posting catalogue's rows as the domain document has them, flow by flow.

Owns: `ROWS`: step -> debits, credits, with the document's amounts; EUR unless a currency is named.
Never: edited to fit the code; a difference is a bug of one of the two.

`ACCOUNT:owner amount CUR`, parted by commas. Owners: s, x, r wallets; an account that the document
writes without an owner is compared by its code.
"""

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


def lines_of(flow):
    """Return (account, owner or empty, currency, minor units; debit positive) of a row, sorted."""
    lines = []
    for side, text in zip((1, -1), ROWS[flow], strict=True):
        for each in text.split(", "):
            account, amount, *currency = each.split(" ")
            code, _, owner = account.partition(":")
            minor = side * int(amount.replace(".", ""))
            lines.append((code, owner, currency[0] if currency else "EUR", minor))
    return sorted(lines)
