"""`ledgerctl recon report`: what the reconciliation did in some days, as JSON and as one page.

Owns: the pure content and its two forms.
Never: changes anything.
"""
