"""A mail-to-ticket gateway: mail in, ticket, letter out."""
