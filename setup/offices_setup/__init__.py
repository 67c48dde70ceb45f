"""What setup/run, setup/test, setup/screenshots and setup/lint are made of."""
