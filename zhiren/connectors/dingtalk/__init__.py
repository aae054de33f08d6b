"""DingTalk (钉钉): people punch there, and their punches are pulled."""
