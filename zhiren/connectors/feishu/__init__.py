"""Feishu (飞书): it is told of punches made here, as if by a clock of its own."""
