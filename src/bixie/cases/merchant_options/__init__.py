"""What a merchant has opted in to: small refunds paid without being asked, or silence that accepts."""
