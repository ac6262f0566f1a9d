"""Expert review: what people state, decide and sign in it."""
