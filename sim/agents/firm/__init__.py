"""The focal firm, desk by desk; desks read the floor and the firm's own state only."""
