"""What goes back to the sender: the receipt and his own workbook, marked."""
