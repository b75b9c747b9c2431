"""What happens in the demo world, one module for each room: each puts its moments into the script."""
