"""Documents as they are printed: what stands in them, and DOCX and PDF made of it."""
