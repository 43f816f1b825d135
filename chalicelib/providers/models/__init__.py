"""What is known about models: names, capabilities, prices, shapes."""
