"""What the pages say in other languages: catalogues, and how they are kept up (`make words`)."""
