"""The app's functions as Lambda runs them: apart from the gateway, with its events and its ends."""
