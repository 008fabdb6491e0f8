"""What no sensor sees: the journal that a person fills in before a session, and the advice that fits afterwards."""
