"""Staff: who works at the desk, how they sign in, and what was done about their accounts."""
