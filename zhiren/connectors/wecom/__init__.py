"""WeCom (企业微信): people punch there, and their punches are pulled."""
