"""What is sent out: messages inside Bixie, e-mail, SMS, signed webhooks. Nobody below calls it."""
