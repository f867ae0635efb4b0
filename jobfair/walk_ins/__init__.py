"""Walk-ins: people registered at a fair's desk with six fields and a card, network or not."""
