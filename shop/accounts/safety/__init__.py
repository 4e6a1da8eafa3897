"""How safe an account is: where it is signed in, a second step with an app, passkeys."""
