"""Types of leave, accrual, the ledger of balances, requests."""
