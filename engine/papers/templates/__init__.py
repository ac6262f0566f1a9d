"""The built-in templates, and the script that builds them."""
