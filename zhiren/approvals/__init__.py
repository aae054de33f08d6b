"""Who must say yes: steps, delegation, no self-approval."""
