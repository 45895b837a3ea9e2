"""What a plan says, as data, and how it is printed. Knows no database."""
