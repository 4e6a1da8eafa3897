"""Who works for the cooperative: roles, invitations."""
