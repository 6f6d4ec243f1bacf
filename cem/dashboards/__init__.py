"""What the pages and the API show: questions to the database, asked in one place each."""
