"""What goes to CloudFormation, checked without an account."""
