"""What a camera, a program or a messenger wrote into a file, held against the picture and the order."""
