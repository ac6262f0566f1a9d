"""Organisations as a tree, for administrators."""

from flask import Blueprint

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")
