"""What a claim may say: services, reasons, evidence and limits as data, and the checks of claims."""
