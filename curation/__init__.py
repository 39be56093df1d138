"""What is done with rows once they are made: verification first of all."""
